"""What became different about a colleague, in sentences for the audit log."""

from sqlalchemy import Connection

from wallet_service.brands import location, roles
from wallet_service.brands.colleague import Staff
from wallet_service.language import Phrase, phrase


def changes(connection: Connection, before: Staff, after: Staff) -> list[Phrase]:
    """A sentence for each thing that changed."""
    said = []
    if before.name != after.name:
        said.append(phrase("{who} renamed {old} to {new}", old=before.name, new=after.name))
    if before.role != after.role:
        said.append(
            phrase(
                "{who} changed {name} from {old} to {new}",
                name=after.name,
                old=roles.name_of(before.role),
                new=roles.name_of(after.role),
            )
        )
    if before.locations != after.locations:
        places = location.known(connection, after.brand_id, after.locations)
        said.append(
            phrase(
                "{who} lets {name} work at {places}",
                name=after.name,
                places=", ".join(each.name for each in places),
            )
            if places
            else phrase("{who} lets {name} work everywhere", name=after.name)
        )
    return said
