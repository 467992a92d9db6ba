"""A phone that adds a pass, is pushed, asks, fetches and says what has changed."""

import pytest

from wallet_service.practice.iphone import PhoneError


def test_a_pass_that_is_added_is_kept_and_registered(phone, service):
    held = phone.add(service.link)

    assert phone.passes == (held,)
    assert phone.shows("stamps") == "6/10"
    assert list(service.registrations.values()) == [phone.push_token]
    assert phone.complaints == ()


def test_a_push_brings_the_new_pass_and_one_sentence(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps. Three more and the bouquet is on us.")

    phone.pushed(service.topic)

    assert phone.shows("stamps") == "7/10"
    assert [banner.sentence for banner in phone.banners] == [
        "7 of 10 stamps. Three more and the bouquet is on us."
    ]
    assert [(line.method, line.status) for line in phone.wire if line.method] == [
        ("GET", 200),
        ("POST", 201),
        ("push", None),
        ("GET", 200),
        ("GET", 200),
    ]


def test_the_phone_names_the_last_tag_it_was_given(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps.")
    phone.pushed(service.topic)

    phone.pushed(service.topic)

    assert phone.wire[-1].path.endswith("?passesUpdatedSince=418")
    assert phone.wire[-1].status == 204
    assert phone.wire_log.stories()[0].title.say("en") == "A push without a change"


def test_an_unchanged_pass_is_answered_304_and_shows_no_banner(phone, service):
    phone.add(service.link)

    phone.pushed(service.topic)

    assert phone.wire[-1].status == 304
    assert phone.banners == ()


def test_a_change_without_a_message_is_silent(phone, service):
    phone.add(service.link)
    service.change(lambda said: said["storeCard"]["headerFields"][0].update(value="8/10"))

    phone.pushed(service.topic)

    assert phone.shows("stamps") == "8/10"
    assert phone.banners == ()


def test_two_messages_at_once_become_the_general_line(phone, service):
    service.contents["storeCard"]["headerFields"][0]["changeMessage"] = "You have %@"
    phone.add(service.link)
    service.news("7 of 10 stamps.")

    phone.pushed(service.topic)

    assert [banner.sentence for banner in phone.banners] == ["Kielo changed"]


def test_the_lock_screen_speaks_the_phones_language(new_phone, service):
    phone = new_phone(language="fi")
    service.contents["storeCard"]["secondaryFields"][0]["changeMessage"] = "%@ (Kielo)"
    phone.add(service.link)
    service.news("7/10 leimaa.")

    phone.pushed(service.topic)

    assert [field.label for field in phone.passes[0].fields("fi")][:2] == ["Leimat", "Uutta"]
    assert [banner.sentence for banner in phone.banners] == ["7/10 leimaa. (Kielo)"]


def test_several_changes_in_airplane_mode_are_one_fetch_of_the_newest(phone, service):
    phone.add(service.link)
    phone.airplane(True)
    for count in (7, 8, 9):
        service.news(f"{count} of 10 stamps.", stamps=f"{count}/10")
        phone.pushed(service.topic)
    assert phone.shows("stamps") == "6/10"
    before = len(service.requests)

    phone.airplane(False)

    assert len(service.requests) - before == 2
    assert phone.shows("stamps") == "9/10"
    assert [banner.sentence for banner in phone.banners] == ["9 of 10 stamps."]


def test_a_phone_back_from_airplane_mode_without_a_push_asks_nothing(phone, service):
    phone.add(service.link)
    phone.airplane(True)
    before = len(service.requests)

    phone.airplane(False)

    assert len(service.requests) == before


def test_a_card_cannot_be_added_in_airplane_mode(phone, service):
    phone.airplane(True)

    with pytest.raises(PhoneError, match="airplane mode"):
        phone.add(service.link)
    assert service.requests == []


def test_removing_the_pass_unregisters_the_phone(phone, service):
    phone.add(service.link)

    phone.remove()

    assert phone.passes == ()
    assert service.registrations == {}


def test_a_pass_removed_in_airplane_mode_is_unregistered_afterwards(phone, service):
    phone.add(service.link)
    phone.airplane(True)
    phone.remove()
    assert phone.passes == ()
    assert len(service.registrations) == 1

    phone.airplane(False)

    assert service.registrations == {}


def test_adding_the_same_pass_again_replaces_it(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps.")

    phone.add(service.link)

    assert len(phone.passes) == 1
    assert phone.shows("stamps") == "7/10"
    assert phone.wire[-1].status == 200


def test_pulling_to_refresh_asks_without_a_push(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps.")

    phone.refresh()

    assert phone.shows("stamps") == "7/10"


def test_a_service_that_is_down_for_a_moment_is_asked_again_later_and_later(phone, service, waits):
    phone.add(service.link)
    service.news("7 of 10 stamps.")
    service.broken = 2

    phone.pushed(service.topic)

    assert phone.shows("stamps") == "7/10"
    assert waits == sorted(waits)
    assert len(waits) == 2


def test_after_a_few_tries_the_phone_gives_up_and_says_so(phone, service, waits):
    phone.add(service.link)
    service.news("7 of 10 stamps.")
    service.broken = 4

    phone.pushed(service.topic)

    assert phone.shows("stamps") == "6/10"
    assert len(waits) == 3
    assert service.logs[0].startswith("Get serial #s task (for device ")
    assert service.logs[0].endswith("encountered error: Unexpected response code 503")

    # What was missed is not lost: the tag was not moved on.
    phone.pushed(service.topic)
    assert phone.shows("stamps") == "7/10"


def test_a_tag_that_is_a_number_stops_the_phone_and_is_logged(phone, service):
    phone.add(service.link)
    service.news("7 of 10 stamps.")
    service.list_answer = lambda: {"serialNumbers": ["aino-1"], "lastUpdated": 418}

    phone.pushed(service.topic)

    assert phone.shows("stamps") == "6/10"
    assert service.logs[-1].endswith("lastUpdated is not a text")


def test_a_wrong_token_is_refused_and_logged_in_a_phones_words(phone, service):
    phone.add(service.link)
    service.contents["authenticationToken"] = "another-token-of-the-service"

    phone.refresh()

    assert phone.wire[-2].status == 401
    assert service.logs[-1].startswith("Get pass task (pass type pass.example.practice, ")
    assert service.logs[-1].endswith("Unexpected response code 401")


def test_a_phone_never_shows_its_token_in_the_log_or_on_the_wire(phone, service):
    phone.add(service.link)
    service.contents["serialNumber"] = "aino-2"
    service.change(lambda said: None)
    phone.pushed(service.topic)

    shown = [*service.logs, *phone.complaints, *(str(line) for line in phone.wire)]
    assert not any("a-token-of-sixteen-and-more" in text for text in shown)


def test_every_service_knows_the_phone_by_another_name(phone):
    one, other = (phone.device_library_identifier(f"https://{x}.example/apple") for x in "ab")
    assert one != other
    assert phone.device_library_identifier("https://a.example/apple") == one
