"""Long lists of the panel: filter and sort in the address, keyset pages, CSV of what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from services.keyset import Order

LONGEST_FILTER = 100


@dataclass(frozen=True)
class Listing:
    """What an address asks of a list: its filters, how it is sorted, where the page begins."""

    endpoint: str
    path: Mapping[str, Any]
    filters: Mapping[str, str]
    sort: str
    descending: bool
    after: str
    as_csv: bool

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.values())

    def order(self, orders: Mapping[str, Order]) -> Order:
        """The order asked for, in the direction asked for."""
        return Order(orders[self.sort].column, self.descending)

    def here(self) -> str:
        """The list without filters."""
        return url_for(self.endpoint, **self.path)

    def next_href(self, after: str) -> str:
        """The page that begins at `after`, or '' at the end."""
        return self._href(self.sort, self.descending, after=after) if after else ""

    def csv_href(self) -> str:
        return self._href(self.sort, self.descending, format="csv")

    def sort_href(self, sort: str, descending: bool) -> str:
        """The same list from its start, sorted by a column; sorted again, the other way round."""
        return self._href(sort, not self.descending if sort == self.sort else descending)

    def _href(self, sort: str, descending: bool, **more: str) -> str:
        way = "desc" if descending else "asc"
        given = {name: value for name, value in self.filters.items() if value}
        return url_for(self.endpoint, **self.path, **given, sort=sort, way=way, **more)


def read_listing(
    endpoint: str,
    filters: Sequence[str],
    orders: Mapping[str, Order],
    default: str,
    **path: Any,
) -> Listing:
    """The list the address asks for; what it does not understand is as if it were not there."""
    sort = request.args.get("sort", default)
    sort = sort if sort in orders else default
    ways = {"asc": False, "desc": True}
    return Listing(
        endpoint=endpoint,
        path=path,
        filters={name: _clean(request.args.get(name, "")) for name in filters},
        sort=sort,
        descending=ways.get(request.args.get("way", ""), orders[sort].descending),
        after=request.args.get("after", ""),
        as_csv=request.args.get("format") == "csv",
    )


def _clean(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST_FILTER]
