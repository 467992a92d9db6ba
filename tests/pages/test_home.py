"""What stands at the root: two doors in practice, nothing in earnest."""

from flask import Flask

from wallet_service import pages, web


def doors(shop, *, practice):
    app = Flask("shop", static_folder=None, template_folder=None)
    web.install(app, shop.wallet)
    pages.install(app, practice=practice)
    return app.test_client()


def test_whoever_practises_finds_the_phones_and_the_till(shop):
    page = doors(shop, practice=True).get("/")
    assert page.status_code == 200
    assert 'href="/phones"' in page.text
    assert 'href="/till"' in page.text


def test_in_earnest_there_is_nothing(shop):
    assert doors(shop, practice=False).get("/").status_code == 404
