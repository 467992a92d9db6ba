"""Invented people for a practice shop: names that are common, put together by chance."""

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = {
    "fi": _words(
        """Eeva Elias Kaisa Väinö Helmi Onni Aada Leo Sofia Eino Lilja Oliver Emma Toivo Venla Niilo
        Hilla Arvo Otso Pihla Veikko Enni Aatos Iida Lauri Alma Urho Siiri Kalle Martta Eero Inkeri
        Tapio Hanna Jari Tuula Pekka Riitta Juha Marja Antti Anneli Timo Päivi Kari"""
    ),
    "sv": _words(
        """Ingrid Oskar Astrid Nils Maja Axel Ebba Hugo Linn Viggo Elsa Anders Karin Gustav Britta
        Erik Saga Jonas Märta Albin"""
    ),
    "en": _words("Grace Noah Olivia Jack Amelia Harry Isla Thomas Freya George Ruby Henry"),
}
FAMILY = {
    "fi": _words(
        """Virtanen Korhonen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen
        Lehtonen Lehtinen Saarinen Salminen Heinonen Niemi Heikkilä Salonen Turunen Laitinen
        Tuominen Rantanen Karjalainen Jokinen Mattila Savolainen Lahtinen Ahonen Ojala Leppänen"""
    ),
    "sv": _words(
        """Lindqvist Nyström Sandberg Holmberg Ekström Söderlund Wikström Backman Grönroos
        Fagerholm Blomqvist Sjöberg"""
    ),
    "en": _words("Hughes Bennett Ward Foster Palmer Marsh Doyle Quinn Walsh Shaw"),
}
LANGUAGES = ("fi", "sv", "en")
SHARES = (75, 15, 10)


def invent(chance: Random) -> tuple[str, str, str]:
    """A given name, a family name and a language."""
    language = chance.choices(LANGUAGES, SHARES)[0]
    return chance.choice(GIVEN[language]), chance.choice(FAMILY[language]), language
