"""Not for one's role, and not there: said in the console's frame, with the way on."""

from shopfront import Shop

from wallet_service.brands.roles import Role


def test_who_has_no_such_role_reads_so_and_finds_the_way_home(shop: Shop) -> None:
    agency = shop.as_(Role.AGENCY)
    assert agency.open(f"{shop.root}/members").status_code == 403
    assert "Your role (agency) does not see this. An owner can change that." in agency.words
    agency.follow("Home")
    assert (agency.status, agency.path) == (200, shop.root)


def test_what_is_not_there_is_said_in_the_frame(shop: Shop) -> None:
    owner = shop.as_(Role.OWNER)
    for path in ("/no-such-page", "/members/01unknown", "/settings/staff/01unknown"):
        assert owner.open(shop.root + path).status_code == 404
        assert owner.title == "There is nothing here"
        owner.follow("Home")
        assert owner.path == shop.root


def test_who_is_not_signed_in_or_works_elsewhere_sees_no_frame(shop: Shop) -> None:
    stranger = shop.window()
    for path in (f"{shop.root}/no-such-page", "/console/nowhere/no-such-page"):
        assert stranger.open(path).status_code == 404
        assert shop.brand.name not in stranger.words
    owner = shop.as_(Role.OWNER)
    assert owner.open("/console/nowhere/members").status_code == 404
    assert shop.brand.name not in owner.words
