"""The rules at the prompt: shown, checked, planned and applied, and nothing refused in silence."""

import pytest
from shell import Shell

from wallet_service.cli import programme as command


@pytest.fixture
def rules(shop: Shell) -> str:
    """Rosa's rules, in a file beside her settings."""
    text = shop.well("programme", "show")
    (shop.folder / "rosa.toml").write_text(text)
    return text


def changed(shop: Shell, rules: str, *pairs: tuple[str, str]) -> None:
    for was, becomes in pairs:
        assert was in rules
        rules = rules.replace(was, becomes, 1)
    (shop.folder / "rosa.toml").write_text(rules)


DEARER = (("card = 10", "card = 12"), ("cost = 10", "cost = 12"))


def test_the_rules_that_hold_are_where_a_change_begins(shop: Shell, rules: str) -> None:
    assert shop.well("programme", "check", "rosa.toml") == "rosa.toml: nothing to mend.\n"
    assert shop.well("programme", "plan", "rosa.toml") == "Nothing would change.\n"
    assert "has these rules already (version 1)" in shop.well("programme", "apply", "rosa.toml")


def test_check_lists_every_fault_and_needs_no_shop(shell: Shell) -> None:
    assert shell.well("programme", "check", "florist") == "florist: nothing to mend.\n"
    (shell.folder / "mine.toml").write_text("key = 1")
    done = shell.run("programme", "check", "mine.toml")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "error: key: Input should be a valid string" in lines
    assert "error: units: Field required" in lines
    (shell.folder / "mine.toml").write_bytes(b"\xff")
    assert shell.badly("programme", "check", "mine.toml") == "mine.toml is not text in UTF-8."
    assert shell.badly("programme", "check", "none.toml") == "There is no file none.toml here."


def test_what_worsens_nothing_is_applied_without_a_question(shop: Shell, rules: str) -> None:
    changed(shop, rules, ("purchase_min = 500", "purchase_min = 300"))
    said = "+ The rule stamps: the least purchase is 3 € instead of 5 €.\n"
    assert shop.well("programme", "plan", "rosa.toml") == said
    applied = shop.well("programme", "apply", "rosa.toml")
    assert applied == said + "Rosa has these rules now (version 2).\n"
    assert "purchase_min = 300" in shop.well("programme", "show")
    assert "changed the rules of the programme Rosa" in shop.well("audit", "list")


def test_what_may_worsen_something_is_asked_first(shop: Shell, rules: str) -> None:
    changed(shop, rules, *DEARER)
    planned = shop.well("programme", "plan", "rosa.toml")
    assert "- The stamp card: the number of stamps that fill it is 12 instead of 10." in planned
    refused = shop.run("programme", "apply", "rosa.toml", typed="n\n")
    assert (refused.returncode, "Nothing was changed." in refused.stderr) == (1, True)
    nobody = shop.run("programme", "apply", "rosa.toml")
    assert (nobody.returncode, "say --yes" in nobody.stderr) == (1, True)
    assert shop.well("programme", "show") == rules
    assert "(version 2)" in shop.well("programme", "apply", "rosa.toml", typed="y\n")
    assert "raised the stamp card from 10 to 12" in shop.well("audit", "list")


def test_running_cards_follow_only_when_that_is_said(shop: Shell, rules: str) -> None:
    changed(shop, rules, *DEARER)
    assert "(version 2)" in shop.well("programme", "apply", "rosa.toml", "--yes")
    said = shop.well("programme", "apply", "rosa.toml", "--also-running-cards", "--yes")
    assert "(version 3)" in said
    assert "let running cards of Rosa card follow" in shop.well("audit", "list")


def test_a_file_with_faults_changes_nothing(shop: Shell, rules: str) -> None:
    changed(shop, rules, ("card = 10", "card = 12"))
    done = shop.run("programme", "apply", "rosa.toml", "--yes")
    assert done.returncode == 1
    assert "costs another number than the card has" in done.stdout
    assert done.stderr == "Nothing was changed.\n"
    changed(shop, rules, ('"EUR"', '"SEK"'))
    refused = shop.run("programme", "apply", "rosa.toml", "--yes")
    assert "is EUR and stays so" in refused.stderr
    assert shop.well("programme", "show") == rules


def test_another_key_begins_another_programme_and_says_so(shop: Shell, rules: str) -> None:
    changed(shop, rules, ('key = "', 'key = "second-'))
    said = shop.well("programme", "plan", "rosa.toml").splitlines()
    assert said[0].startswith("Members join ")
    assert "begins" in said[1]
    nobody = shop.run("programme", "apply", "rosa.toml")
    assert "say --yes" in nobody.stderr
    assert shop.well("programme", "show") == rules


def test_rules_that_somebody_changed_meanwhile_are_not_overrun(
    shop: Shell, rules: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(shop, rules, *DEARER)
    (shop.folder / "other.toml").write_text(rules.replace("per = 100", "per = 50"))

    def somebody_else(*_: object) -> None:
        shop.well("programme", "apply", "other.toml", "--yes")

    monkeypatch.setattr(command, "_ask", somebody_else)
    refused = shop.run("programme", "apply", "rosa.toml")
    assert "changed meanwhile" in refused.stderr
    assert "per = 50" in shop.well("programme", "show")
