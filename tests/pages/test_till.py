"""The till without scripts: what a cashier meets from the first pairing to a used reward."""

import re
from datetime import timedelta

import pytest
from factories import a_brand, a_cashier, a_member

from wallet_service import clock, enrolment
from wallet_service.audit import COMMAND
from wallet_service.brands import staff, tables, tills
from wallet_service.members import codes


def find(window, typed):
    return window.open("/till/card?code=" + typed.replace(" ", "+"))


def test_an_unpaired_device_is_asked_for_the_pairing_code_alone(window, shop):
    window.open("/till")
    assert re.findall(r'<input(?! type="hidden")', window.text) == ["<input"]
    assert window.text.count("<button") == 1
    assert "Sanna" not in window.text
    assert shop.brand.name not in window.text


def test_a_wrong_pairing_code_is_a_clear_sentence_and_soon_no_more_guesses(window, shop):
    window.open("/till")
    answers = [window.press("Pair", code="AAAA 2222").status_code for _ in range(10)]
    assert answers == [422] * 10
    assert "That code is not right" in window.text
    assert 'value="AAAA 2222"' in window.text  # it may be mended
    # Even the right code waits now: the code is short, so guessing must be slow.
    window.open("/till")
    assert window.press("Pair", code=shop.pairing_code()).status_code == 429
    assert window.answer.headers["Retry-After"]


def test_a_pairing_code_works_once(shop, window):
    code = shop.pairing_code()
    window.open("/till")
    window.press("Pair", code=code.lower())
    assert window.title == "Who is on?"
    another = type(window)(shop.app.test_client())
    another.open("/till")
    assert another.press("Pair", code=code).status_code == 422


def test_five_wrong_pins_lock_the_person_even_for_the_right_one(shop, window):
    window.open("/till")
    window.press("Pair", code=shop.pairing_code())
    window.follow("Sanna")
    for _ in range(5):
        assert window.press("Start", pin="9999").status_code == 422
    assert window.press("Start", pin="1234").status_code == 422
    assert "quarter of an hour" in window.text
    clock.advance(timedelta(minutes=16))
    window.press("Start", pin="1234")
    assert "Scan" in window.title


@pytest.mark.parametrize("typed", ["{}", "{bare}", "{lower}", "{spaced}", "{}.sig", "-{bare}-"])
def test_a_code_is_found_however_it_is_typed(till, shop, typed):
    code = shop.aino.code
    bare = code.removeprefix("LP1")
    find(till, typed.format(code, bare=bare, lower=code.lower(), spaced=codes.spaced(code)))
    assert till.title.startswith("Aino K.")
    assert "Koskela" not in till.text


def test_a_stamp_is_one_press_and_says_what_changed(till, shop):
    shop.stamp(6)
    find(till, shop.aino.code)
    assert "last here yesterday" in till.text
    till.press("+1 stamp")
    assert till.title == "Stamped"
    assert shop.have() == 7
    assert re.search(r'value="7".*of 10', till.text)


def test_a_double_tap_and_a_reload_give_one_stamp(till, shop):
    find(till, shop.aino.code)
    page = till.answer
    till.press("+1 stamp")
    done = till.path
    till.answer = page
    till.press("+1 stamp")
    assert till.path == done
    till.open(done)
    assert till.title == "Stamped"
    assert shop.have() == 1


def test_an_answer_that_was_lost_on_the_way_is_given_again_with_its_undo(till, shop):
    find(till, shop.aino.code)
    page, cookie = till.answer, till._client.get_cookie("wallet").value
    till.press("+1 stamp")
    done = till.path

    # The network dropped the answer, and with it the new cookie; the cashier presses again.
    till._client.set_cookie("wallet", cookie)
    clock.advance(timedelta(seconds=3))
    till.answer = page
    till.press("+1 stamp")

    assert (till.title, till.path) == ("Stamped", done)
    assert shop.have() == 1
    till.press("Undo for Aino K.")
    assert till.title == "Taken back"
    assert shop.have() == 0


def test_what_a_till_did_is_known_to_it_whoever_comes_on_next(till, shop):
    with shop.wallet.database.write() as connection:
        a_cashier(connection, shop.brand, "Ilona", "4321")
    find(till, shop.aino.code)
    page = till.answer
    till.press("+1 stamp")
    till._client.delete_cookie("wallet")

    till.open("/till/who")
    till.follow("Ilona")
    till.press("Start", pin="4321")
    assert "one stamp, 11:00" in till.text
    till.answer = page
    token = re.search(r'name="csrf_token" value="(.*?)"', till.open("/till/last").text)[1]
    till.answer = page
    till.press("+1 stamp", csrf_token=token)
    assert till.title == "Stamped"
    till.press("Undo")
    assert till.title == "Taken back"
    assert shop.have() == 0


def test_a_stamp_of_somebody_who_was_erased_since_is_passed_over(till, shop):
    find(till, shop.aino.code)
    till.press("+1 stamp")
    done = till.path
    shop.wallet.database.run(
        enrolment.erase, shop.brand.brand_id, shop.aino.member_id, actor=COMMAND
    )
    till.open("/till/last")
    assert "Aino" not in till.text
    assert till.open(done).status_code == 410
    assert till.title == "This card has ended"


def test_the_same_card_within_a_minute_is_asked_about(till, shop):
    find(till, shop.aino.code)
    till.press("+1 stamp")
    clock.advance(timedelta(seconds=40))
    find(till, shop.aino.code)
    assert till.title == "Stamped 40\u00a0s\u00a0ago. Again?"
    till.press("Yes, one more stamp")
    assert shop.have() == 2
    clock.advance(timedelta(seconds=61))
    find(till, shop.aino.code)
    assert till.title.startswith("Aino K.")


def test_a_stamp_of_this_very_second_was_just_now_and_its_owner_is_named(till, shop):
    find(till, shop.aino.code)
    till.press("+1 stamp")
    find(till, shop.aino.code)
    assert till.title == "Stamped just now. Again?"
    assert "Aino K., 1 of 10" in till.text
    assert "Stamp again only for another purchase." in till.text


def test_a_second_window_cannot_stamp_unasked_within_the_minute(till, shop):
    find(till, shop.aino.code)
    first = till.answer
    find(till, shop.aino.code)
    till.press("+1 stamp")
    till.answer = first
    till.press("+1 stamp")
    assert "Again?" in till.title
    assert shop.have() == 1


def test_undo_takes_the_stamp_back_at_once_and_later_from_last(till, shop):
    find(till, shop.aino.code)
    till.press("+1 stamp")
    till.press("Undo for Aino K.")
    assert till.title == "Taken back"
    assert shop.have() == 0

    find(till, shop.aino.code)  # taken back, so nobody asks whether it is meant
    till.press("+1 stamp")
    clock.advance(timedelta(minutes=10))
    till.open("/till/last")
    assert "Aino K." in till.text
    till.press("Undo")
    assert shop.have() == 0
    till.open("/till/last")
    assert "taken back" in till.text


def test_the_tenth_stamp_is_festive_and_the_reward_is_used_or_kept(till, shop):
    shop.stamp(9)
    find(till, shop.aino.code)
    till.press("+1 stamp")
    assert till.title == "Full"
    assert "strip-10.svg" in till.text
    assert "Keep for later" in till.text
    till.follow("Use it now")
    slip = till.answer
    till.press("Use it now")
    assert till.title == "Used"

    # Another window had the slip open, too.
    clock.advance(timedelta(minutes=4))
    till.answer = slip
    slip_path = till.path
    till.press("Use it now")
    assert till.title == "Used"  # its own press again, so its own answer again
    till.open(slip_path)
    assert till.answer.status_code == 409
    assert till.title == "Already used"
    assert "at 11:00, in Kielo, Kallio" in till.text
    assert 'role="alert"' in till.text


def test_a_reward_once_used_holds_the_stamp_that_brought_it(till, shop):
    shop.stamp(9)
    find(till, shop.aino.code)
    till.press("+1 stamp")
    full = till.answer
    till.follow("Use it now")
    till.press("Use it now")
    till.answer = full
    till.press("Undo")
    assert till.answer.status_code == 409
    assert till.title == "Too late to undo"


def test_what_cannot_be_stamped_is_refused_in_words(till, shop):
    till.open("/till/card?by=reader&code=LP1" + "0" * 11 + "7")
    assert till.answer.status_code == 404
    assert till.title == "We don’t know this card"
    assert "Could you open the card itself" in till.text

    with shop.wallet.database.write() as connection:
        rove = a_brand(connection, "Rove")
        stranger = a_member(connection, rove, "Elias")
    find(till, stranger.code)
    assert till.answer.status_code == 404
    assert till.title == "Another shop’s card"
    assert "Elias" not in till.text

    with shop.wallet.database.write() as connection:
        codes.end(connection, shop.aino.member_id)
    find(till, shop.aino.code)
    assert till.answer.status_code == 410
    assert till.title == "This card has ended"

    for typed in ("", "x", "%00", "%FF", "'; DROP TABLE member", "9" * 5000, "<script>"):
        assert till.open("/till/card?code=" + typed).status_code == 404


def test_a_mistyped_letter_is_the_cashiers_to_mend_with_what_was_typed_still_there(till, shop):
    mistyped = shop.aino.code[3:-1] + ("0" if shop.aino.code[-1] != "0" else "1")
    find(till, mistyped)
    assert till.answer.status_code == 404
    assert till.title == "Check the code"
    assert "Could you open the card itself" not in till.text
    assert f'value="{mistyped}"' in till.text


def test_a_whole_code_in_the_field_may_have_been_scanned_so_both_ways_are_offered(till, shop):
    find(till, shop.aino.code[:-1] + ("0" if shop.aino.code[-1] != "0" else "1"))
    assert till.title == "Check the code"
    assert "Could you open the card itself" in till.text


def test_a_quarter_of_an_hour_without_a_touch_asks_for_the_pin_again(till, shop):
    clock.advance(timedelta(minutes=14))
    find(till, shop.aino.code)
    assert till.title.startswith("Aino K.")
    clock.advance(timedelta(minutes=16))
    find(till, shop.aino.code)
    assert till.title == "Sanna, your PIN"
    assert "Aino" not in till.text


def test_a_shift_ends_after_twelve_hours_however_busy(till):
    for _ in range(73):
        clock.advance(timedelta(minutes=10))
        till.open("/till")
    assert till.title == "Sanna, your PIN"


def test_somebody_else_takes_over(till, shop):
    with shop.wallet.database.write() as connection:
        a_cashier(connection, shop.brand, "Ilona", "4321")
    till.press("Switch person")
    assert till.title == "Who is on?"
    till.follow("Ilona")
    till.press("Start", pin="4321")
    assert "<b>Ilona</b>" in till.text


def test_a_shift_that_ended_cannot_be_gone_on_with_from_an_old_cookie(till, shop):
    find(till, shop.aino.code)
    page, cookie = till.answer, till._client.get_cookie("wallet").value
    till.open("/till")
    till.press("Switch person")

    till._client.set_cookie("wallet", cookie)
    till.answer = page
    till.press("+1 stamp")
    assert till.title == "Who is on?"
    assert shop.have() == 0


def test_a_shift_is_the_tills_and_not_a_cookies(till, shop):
    till._client.delete_cookie("wallet")
    till.open("/till")
    assert "<b>Sanna</b>" in till.text


def test_who_no_longer_works_here_is_off_at_once(till, shop):
    shop.wallet.database.run(staff.end, shop.sanna, actor=COMMAND)
    find(till, shop.aino.code)
    assert till.title == "Who is on?"


def put(shop, **facts):
    """Change what Sanna is, or the shop."""
    table = tables.brand if "security_level" in facts else tables.staff
    with shop.wallet.database.write() as connection:
        connection.execute(table.update().values(**facts))


@pytest.mark.parametrize("facts", [{"role": "marketer"}, {"locations": ["elsewhere"]}])
def test_who_may_not_serve_or_works_elsewhere_is_not_offered_nor_let_on(till, shop, facts):
    put(shop, **facts)
    find(till, shop.aino.code)
    assert till.title == "Who is on?"
    assert "Sanna" not in till.text
    assert till.open(f"/till/pin/{shop.sanna.staff_id}").status_code == 404


def test_a_level_says_how_long_nobody_asks_for_the_pin_and_how_long_it_is(till, shop):
    put(shop, security_level="strict")
    clock.advance(timedelta(minutes=6))
    till.open("/till")
    assert till.title == "Sanna, your PIN"
    assert 'minlength="6"' in till.text
    till.press("Start", pin="1234")
    assert "A PIN has at least 6 digits here" in till.text
    assert till.answer.status_code == 422


def test_a_device_paired_anew_puts_the_old_one_out(till, shop):
    shop.wallet.database.run(tills.pair, shop.pairing_code())
    till.open("/till")
    assert till.title == "Pair this till"


def test_nobody_works_without_pin_or_pairing(window, shop):
    pin = f"/till/pin/{shop.sanna.staff_id}"
    for path in (f"/till/card/{shop.aino.code}", "/till/last", "/till/card?code=x", pin):
        window.open(path)
        assert (window.path, window.title) == ("/till", "Pair this till")


def test_only_what_this_till_did_can_be_taken_back_here(till, shop):
    shop.stamp(3)
    find(till, shop.aino.code)
    till.press("+1 stamp")
    assert till.press("Undo", event_id="0" * 20).status_code == 404
    assert shop.have() == 4


def test_event_ids_of_forms_are_ours(till, shop):
    for event_id in ("", "../../x", "a" * 500, "\n", "ä" * 20):
        find(till, shop.aino.code)
        assert till.press("+1 stamp", event_id=event_id).status_code == 400
    assert shop.have() == 0


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(till):
    for name in ("till", "wallet"):
        cookie = till._client.get_cookie(name)
        assert cookie.http_only
        assert cookie.same_site == "Lax"


def test_a_coupon_opens_from_its_own_code(till, shop):
    brought = shop.stamp(10).brought[0]
    find(till, brought)
    assert till.path.endswith(f"/coupon/{brought}")
    shop.wallet.database.run(
        enrolment.erase, shop.brand.brand_id, shop.aino.member_id, actor=COMMAND
    )
    find(till, brought)
    assert till.title == "This card has ended"


def test_a_coupon_is_used_with_the_card_that_it_is_on(till, shop):
    brought = shop.stamp(10).brought[0]
    with shop.wallet.database.write() as connection:
        mikko = a_member(connection, shop.brand, "Mikko")
    find(till, brought)
    slip = till.answer
    stranger = f"/till/card/{mikko.code}/coupon/{brought}"

    assert till.open(stranger).status_code == 409
    assert till.title == "Somebody else’s coupon"
    fields = dict(re.findall(r'name="(csrf_token|event_id)" value="(.*?)"', slip.text))
    mixed = till._client.post(f"{stranger}/use", data=fields)
    assert mixed.status_code == 409
    assert "Somebody else’s coupon" in mixed.text

    till.answer = slip
    till.press("Use it now")
    assert till.title == "Used"
    till.answer = slip
    till.press("Use it now")  # its own press again, so its own answer again
    assert till.title == "Used"


def test_only_the_tills_pages_may_use_the_camera(till, shop):
    for path in ("/till", "/till/card?code=x", f"/till/card/{shop.aino.code}", "/till/last"):
        headers = till.open(path).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy
        assert "worker-src 'self'; media-src 'self' blob:" in policy
        assert "default-src 'none'" in policy
        assert headers["Permissions-Policy"].startswith("camera=(self), ")
    for path in (shop.link(), shop.card_link(), "/c/unknown", "/nowhere", "/livez"):
        headers = till.open(path).headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert "worker-src" not in headers["Content-Security-Policy"]
        assert headers["Permissions-Policy"].startswith("camera=(), ")
