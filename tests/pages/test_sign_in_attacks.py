"""Whoever tries to come in without the right to: each way tried, each refused."""

import re
import threading
from datetime import timedelta

import pytest
from anna import ANOTHER, PASSWORD, codes_on, with_password
from authenticator import Authenticator
from shopfront import open_shop

from wallet_service import clock
from wallet_service.access import invitations, passkeys, recovery, sessions
from wallet_service.brands.roles import Role

CONSOLE_PAGES = (
    "/console", "/console/sign-in/code", "/console/account", "/console/account/password",
    "/console/account/second-factor", "/console/account/passkeys", "/console/prove",
    "/console/invitation/unknown", "/console/sign-in/recovery/unknown", "/console/kielo",
)  # fmt: skip


@pytest.fixture
def anna(shop):
    return with_password(shop)


def sign_in(window, email="anna@kielo.example", password=PASSWORD):
    if window.open("/console").request.path == "/console":
        window.press("Sign in", email=email, password=password)
    return window


def is_in(window):
    return window.open("/console/account").request.path == "/console/account"


def csrf_of(window):
    found = re.search(r'name="csrf_token" value="(.*?)"', window.text)
    return found[1] if found else ""


# ---- session fixation ---------------------------------------------------------------------------


def test_a_session_that_was_planted_before_is_worth_nothing_after(shop, anna):
    name, _ = shop.signed_in(Role.OWNER, "Anna")
    planted = "planted" * 8
    window = shop.window()
    window.keep(name, planted)
    sign_in(window)
    assert is_in(window)
    assert window.cookies()[name] != planted
    thief = shop.window()
    thief.keep(name, planted)
    assert not is_in(thief)


def test_a_living_session_that_was_planted_before_is_ended_at_sign_in(shop, anna):
    thief = shop.as_(Role.MANAGER, "Matti")
    ((name, planted),) = [each for each in thief.cookies().items() if "console" in each[0]]
    assert is_in(thief)
    window = shop.window()
    window.open("/console")
    form = window.answer
    window.keep(name, planted)
    window.answer = form
    window.press("Sign in", email="anna@kielo.example", password=PASSWORD)
    window.open("/console/account")
    assert "anna@kielo.example" in window.words
    assert not is_in(thief)


def test_a_forms_token_that_was_planted_before_is_worth_nothing_after(shop, anna):
    thief = shop.window()
    thief.open("/console")
    token, seed = csrf_of(thief), thief.cookies()["wallet"]
    window = shop.window()
    window.keep("wallet", seed)
    sign_in(window)
    assert is_in(window)
    answer = window._client.post("/console/sign-out", data={"csrf_token": token})
    assert answer.status_code == 400
    assert is_in(window)


def test_the_token_changes_at_every_step_that_makes_a_session_worth_more(shop, anna):
    window = sign_in(shop.window())
    seen = [window.cookies()["console"]]

    def changed():
        token = window.cookies()["console"]
        assert token not in seen
        thief = shop.window()
        thief.keep("console", seen[-1])
        assert not is_in(thief), "the one before is dead"
        seen.append(token)
        assert is_in(window)

    window.open("/console/prove")
    window.press("It is me", password=PASSWORD)
    changed()
    window.open("/console/account/password")
    window.press("Keep", old=PASSWORD, password=ANOTHER, again=ANOTHER)
    changed()
    window.open("/console/account")
    window.press("Sign out")
    thief = shop.window()
    thief.keep("console", seen[-1])
    assert not is_in(thief)


# ---- other sites --------------------------------------------------------------------------------

POSTS = (
    "/console/sign-in", "/console/sign-in/code", "/console/sign-in/passkey",
    "/console/sign-in/passkey/ask", "/console/sign-out", "/console/prove", "/console/account",
    "/console/account/password", "/console/account/second-factor",
    "/console/account/second-factor/off", "/console/account/second-factor/spare",
    "/console/account/passkeys", "/console/account/passkeys/ask",
    "/console/account/passkeys/ab/remove", "/console/account/sessions/end",
    "/console/account/sessions/x/end", "/console/prove/passkey", "/console/prove/passkey/ask",
    "/console/invitation/x", "/console/invitation/x/account", "/console/sign-in/recovery/x",
)  # fmt: skip


def test_these_are_all_the_buttons_of_signing_in(shop):
    pages = ("sign_in.", "invitation.", "prove.", "account.", "account_codes.", "account_passkeys.")
    known = {
        re.sub(r"<.*?>", "x", rule.rule)
        for rule in shop.app.url_map.iter_rules()
        if rule.endpoint.startswith(pages) and "POST" in rule.methods
    }
    assert known == {path.replace("/ab/", "/x/") for path in POSTS}


@pytest.mark.parametrize("path", POSTS)
def test_another_site_presses_no_button(shop, anna, path):
    window = sign_in(shop.window())
    window.open("/console/account")
    token = csrf_of(window)
    fields = {"email": anna.email, "password": PASSWORD, "old": PASSWORD, "again": PASSWORD}
    post = window._client.post
    assert post(path, data=fields).status_code == 400, "without a token"
    stale = fields | {"csrf_token": "x" + token}
    assert post(path, data=stale).status_code == 400, "with a wrong one"
    other = shop.window()
    other.open("/console")
    theirs = fields | {"csrf_token": csrf_of(other)}
    assert post(path, data=theirs).status_code == 400, "with somebody else's"
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site}
        right = fields | {"csrf_token": token}
        assert post(path, data=right, headers=headers).status_code == 403, "from another site"
    assert is_in(window)


@pytest.mark.parametrize("path", CONSOLE_PAGES)
def test_no_page_can_be_framed_kept_or_leak_its_address(shop, anna, path):
    for window in (shop.window(), sign_in(shop.window())):
        headers = window._client.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_script_and_no_other_site_reads_the_cookies(shop, anna):
    window = sign_in(shop.window())
    cookie = window._client.get_cookie("console")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
    with shop.wallet.database.write() as connection:
        codes_on(connection, anna)
    window = shop.window()
    window.open("/console")
    window.press("Sign in", email=anna.email, password=PASSWORD)
    step = window._client.get_cookie("console-code")
    assert step.http_only
    assert step.same_site == "Lax"
    assert window.cookies()["console-code"] not in window.text
    assert "console-code" not in window.answer.request.url


def test_over_https_every_cookie_is_tied_to_this_very_host(
    sqlite_database, certs, kielo, driven_clock
):
    shop = open_shop(sqlite_database, "https://cards.kielo.example", certs, kielo)
    anna = with_password(shop)
    client = shop.app.test_client()
    there = {"base_url": "https://cards.kielo.example"}
    page = client.get("/console", **there)
    token = re.search(r'name="csrf_token" value="(.*?)"', page.text)[1]
    fields = {"csrf_token": token, "email": anna.email, "password": PASSWORD}
    asked = client.post("/console/sign-in/passkey/ask", headers={"X-CSRFToken": token}, **there)
    entered = client.post("/console/sign-in", data=fields, **there)
    assert entered.status_code == 303
    set_ = [*page.headers.getlist("Set-Cookie"), *asked.headers.getlist("Set-Cookie"),
            *entered.headers.getlist("Set-Cookie")]  # fmt: skip
    assert {each.partition("=")[0] for each in set_} == {
        "__Host-wallet", "__Host-console", "__Host-console-passkey", "__Host-console-known",
    }  # fmt: skip
    for each in set_:
        parts = each.split("; ")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(parts)
        assert "Domain" not in each
    assert entered.headers["Strict-Transport-Security"]


# ---- guessing -----------------------------------------------------------------------------------


def answers(shop, email, tries, password="wrong"):
    window, found = shop.window(), []
    window.open("/console")
    for _ in range(tries):
        window.press("Sign in", email=email, password=password)
        text = re.sub(r'name="csrf_token" value=".*?"', "", window.text)
        found.append((window.status, dict(window.answer.headers) | {"Set-Cookie": ""},
                      text.replace(email, "somebody")))  # fmt: skip
    return found


def without_length(found):
    return [(status, {k: v for k, v in headers.items() if k != "Content-Length"}, text)
            for status, headers, text in found]  # fmt: skip


def test_known_and_unknown_addresses_get_the_same_bytes_wrong_and_locked(shop, anna):
    known = answers(shop, "anna@kielo.example", 8)
    clock.advance(timedelta(days=2))
    unknown = answers(shop, "nora@kielo.example", 2)
    assert without_length(known)[:2] == without_length(unknown)


def test_locked_says_the_same_of_an_address_that_nobody_has(shop, anna, monkeypatch):
    from wallet_service.web import limits

    # The limit of the address where they sit is another story; this is the account's own.
    monkeypatch.setattr(limits, "before_guessing", lambda what: None)
    known, unknown = (answers(shop, f"{who}@kielo.example", 8) for who in ("anna", "nora"))
    assert without_length(known) == without_length(unknown)
    assert "There were too many wrong tries." in known[-1][2]


def test_an_address_that_fails_ten_times_a_minute_waits_whomever_it_tried(shop, anna):
    window = shop.window()
    window.open("/console")
    form, said = window.answer, []
    for number in range(12):
        window.answer = form
        window.press("Sign in", email=f"nobody{number}@kielo.example", password="wrong")
        said.append(window.status)
    assert said == [422] * 10 + [429] * 2
    assert int(window.answer.headers["Retry-After"]) > 0


def test_links_are_not_found_by_trying(shop):
    window = shop.window()
    for path in ("/console/invitation/", "/console/sign-in/recovery/"):
        said = [window.open(f"{path}{number}").status_code for number in range(6)]
        assert said[0] == 404
    assert said[-1] == 429


def test_known_used_and_expired_links_say_the_same(shop, anna):
    with shop.wallet.database.write() as connection:
        used = recovery.begin(connection, anna)
        recovery.finish(connection, shop.wallet.keyring, used, password_hash="x")
        old = recovery.begin(connection, anna)
    clock.advance(shop.brand.level.invitation_lasts)
    said = {shop.window().open(f"/console/sign-in/recovery/{each}").text
            for each in (used, old, "never given")}  # fmt: skip
    assert len(said) == 1


# ---- being sent elsewhere -----------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
    "/console//evil.example", "/console/\\evil.example", "/console/../../evil",
    "javascript:alert(1)", "/consolevil", "/till", "console", "/console\r\nSet-Cookie: x=y",
    "/\x00/evil.example", "x" * 600,
    "/console?next=//evil.example", "https:/console", " /console",
)  # fmt: skip


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_signing_in_leads_nowhere_but_into_the_console(shop, anna, onward):
    window = shop.window()
    window.open("/console")
    token = csrf_of(window)
    fields = {"csrf_token": token, "email": anna.email, "password": PASSWORD, "next": onward}
    answer = window._client.post("/console/sign-in", data=fields)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/console"
    # Nor when it is asked for by whoever is signed in, nor after the password was shown again.
    answer = window._client.get("/console", query_string={"next": onward})
    assert answer.headers["Location"] == shop.root
    window.open("/console/prove")
    again = {"csrf_token": csrf_of(window), "password": PASSWORD, "next": onward}
    answer = window._client.post("/console/prove", data=again)
    assert answer.headers["Location"] == "/console"


# ---- links of others ----------------------------------------------------------------------------


def test_opening_a_link_signs_nobody_in_and_changes_nothing(shop, anna):
    link = shop.wallet.database.run(recovery.begin, anna)
    for method in ("get", "head", "options"):
        window = shop.window()
        getattr(window._client, method)(f"/console/sign-in/recovery/{link}")
        assert not is_in(window)
    with shop.wallet.database.read() as connection:
        assert recovery.read(connection, link)


def test_an_invitation_makes_nobody_master_of_an_account_that_is_there(shop, anna):
    with shop.wallet.database.write() as connection:
        link = invitations.invite(connection, shop.brand, shop.sanna, anna.email)
    window = shop.window()
    window.open("/console")
    fields = {"name": "Mallory", "password": ANOTHER, "again": ANOTHER}
    answer = window._client.post(
        f"/console/invitation/{link}", data=fields | {"csrf_token": csrf_of(window)}
    )
    assert answer.status_code == 409
    assert not is_in(window)
    assert is_in(sign_in(shop.window())), "her password is what it was"


def test_a_session_dies_with_its_account_and_with_the_work_there(shop, anna):
    window = sign_in(shop.window())
    assert window.open(shop.root).status_code == 200
    with shop.wallet.database.write() as connection:
        connection.exec_driver_sql("UPDATE staff SET ended_at = 1")
    assert window.open(shop.root).status_code == 404
    with shop.wallet.database.write() as connection:
        connection.exec_driver_sql("UPDATE account SET ended_at = 1")
    assert not is_in(window)


def test_a_role_that_was_taken_away_is_gone_at_the_next_page(shop, anna):
    window = sign_in(shop.window())
    with shop.wallet.database.write() as connection:
        connection.exec_driver_sql("UPDATE staff SET role = 'agency' WHERE name = 'Anna'")
    assert window.open(f"{shop.root}/members").status_code == 403


def test_an_idle_browser_is_asked_again_and_nothing_of_it_is_left_to_use(shop, anna):
    window = sign_in(shop.window())
    token = window.cookies()["console"]
    clock.advance(shop.brand.level.session_idle + timedelta(seconds=1))
    assert not is_in(window)
    with shop.wallet.database.read() as connection:
        assert sessions.of_token(connection, token) is not None, "kept as a sign-in of old"


# ---- a second factor that is a passkey ----------------------------------------------------------

LOCALHOST = {"base_url": "http://localhost:8080"}


def a_passkey(shop, account):
    """A device with a passkey of this account."""
    phone = Authenticator("http://localhost:8080")
    party = passkeys.Party(id="localhost", origin="http://localhost:8080")
    with shop.wallet.database.write() as connection:
        asked = passkeys.ask_to_register(connection, account, party, "Wallet service")
        answer = phone.make(asked.options)
        passkeys.register(connection, account, party, token=asked.token, answer=answer, name="")
    return phone


def put_level(shop, name):
    with shop.wallet.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE brand SET security_level = '{name}'")


def show_passkey(window, phone, path="/console/prove/passkey"):
    headers = {"X-CSRFToken": csrf_of(window)}
    asked = window._client.post(f"{path}/ask", headers=headers, **LOCALHOST)
    assert asked.status_code == 200
    fields = {"csrf_token": csrf_of(window), "answer": phone.show(asked.text)}
    return window._client.post(path, data=fields, **LOCALHOST)


GRAVE = (
    "/console/account/second-factor", "/console/account/second-factor/off",
    "/console/account/second-factor/spare", "/console/account/passkeys",
    "/console/account/passkeys/ask", "/console/account/passkeys/ab/remove",
)  # fmt: skip


@pytest.mark.parametrize("path", GRAVE)
def test_a_stolen_password_puts_no_factor_beside_the_passkey_and_takes_none_away(shop, anna, path):
    a_passkey(shop, anna)
    thief = sign_in(shop.window())
    thief.open("/console/account")
    answer = thief._client.post(path, data={"csrf_token": csrf_of(thief), "code": "123456"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/console/prove")
    if not path.endswith(("off", "spare", "ask", "remove")):
        thief.open(path)
        assert thief.path == "/console/prove"
        assert "your password alone is not enough" in thief.words
    # Nor does the password, shown once more.
    again = {"csrf_token": csrf_of(thief), "password": PASSWORD}
    thief._client.post("/console/prove", data=again)
    thief.open("/console/account/second-factor")
    assert thief.path == "/console/prove"


def test_where_two_factors_are_wanted_a_password_leads_to_the_passkey_and_not_round_it(shop, anna):
    phone = a_passkey(shop, anna)
    put_level(shop, "chain")
    window = sign_in(shop.window())
    assert window.path == "/console/prove"
    window.open(shop.root)
    assert window.path == "/console/prove"
    answer = show_passkey(window, phone)
    assert answer.status_code == 303
    window.open(shop.root)
    assert window.status == 200
    assert window.path == shop.root
    window.open("/console/account/second-factor")
    assert window.path == "/console/account/second-factor"


def test_who_has_none_yet_is_led_to_a_second_factor_of_their_own(shop, anna):
    put_level(shop, "chain")
    window = sign_in(shop.window())
    assert window.path == "/console/account/second-factor"


def test_a_passkey_that_was_added_just_now_is_worth_a_passkey(shop, anna):
    window = sign_in(shop.window())
    window.open("/console/account/passkeys")
    token = csrf_of(window)
    asked = window._client.post(
        "/console/account/passkeys/ask", headers={"X-CSRFToken": token}, **LOCALHOST
    )
    phone = Authenticator("http://localhost:8080")
    fields = {"csrf_token": token, "answer": phone.make(asked.text), "name": "Phone"}
    before = window.cookies()["console"]
    window._client.post("/console/account/passkeys", data=fields, **LOCALHOST)
    assert window.cookies()["console"] != before
    window.open("/console/account/passkeys")
    assert window.path == "/console/account/passkeys"
    assert "Phone" in window.words


# ---- forms that were made for somebody else ------------------------------------------------------


def test_a_forms_token_that_is_planted_after_signing_in_is_worth_nothing(shop, anna):
    thief = shop.window()
    thief.open("/console")
    theirs = csrf_of(thief), thief.cookies()["wallet"]
    matti = shop.as_(Role.MANAGER, "Matti")
    matti.open("/console/account")
    for token, seed in (theirs, (csrf_of(matti), matti.cookies()["wallet"])):
        window = sign_in(shop.window())
        window.keep("wallet", seed)
        answer = window._client.post("/console/account/sessions/end", data={"csrf_token": token})
        assert answer.status_code == 400
        # Nor after a page was opened with it.
        window.open("/console/account")
        answer = window._client.post("/console/account/sessions/end", data={"csrf_token": token})
        assert answer.status_code == 400
        window.open("/console/account")
        window.press("Save", name="Anna")
        assert window.status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://evil.example", 403), ("http://localhost", 303), ("http://127.0.0.1:8080", 303),
     ("null", 303), ("http://localhost.evil.example", 403), ("", 403)],
)  # fmt: skip
def test_an_old_browser_that_names_another_origin_presses_no_button(shop, anna, origin, status):
    window = sign_in(shop.window())
    window.open("/console/account")
    fields = {"csrf_token": csrf_of(window), "name": "Anna", "language": ""}
    answer = window._client.post("/console/account", data=fields, headers={"Origin": origin})
    assert answer.status_code == status


def test_five_wrong_guesses_elsewhere_lock_nobody_out_of_their_own_browser(shop, anna, monkeypatch):
    from wallet_service.web import limits

    monkeypatch.setattr(limits, "before_guessing", lambda what: None)
    mine = sign_in(shop.window())
    mine.open("/console/account")
    mine.press("Sign out")
    answers(shop, anna.email, 6)
    stranger = sign_in(shop.window())
    assert not is_in(stranger)
    assert is_in(sign_in(mine))


def test_many_at_once_are_told_to_come_back(shop, anna, monkeypatch):
    from wallet_service.access import passwords

    full = threading.BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(passwords, "_at_once", full)
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0.01)
    window = sign_in(shop.window())
    assert window.status == 429
    assert window.answer.headers["Retry-After"] == "5"
    assert "Many are signing in just now" in window.words


def test_passwords_are_not_judged_for_ever_behind_a_link(shop, anna):
    link = shop.wallet.database.run(recovery.begin, anna)
    window, said = shop.window(), []
    window.open(f"/console/sign-in/recovery/{link}")
    form = window.answer
    for _ in range(12):
        window.answer = form
        window.press("Keep", password="password1234", again="password1234")
        said.append(window.status)
    assert said == [422] * 10 + [429] * 2
