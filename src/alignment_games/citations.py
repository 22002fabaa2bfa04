"""Citations: what a model, a scenario or a solution rests on, as BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ._version import __version__

__all__ = ["METHOD_SOURCES", "PACKAGE", "Source", "cite"]


@dataclass(frozen=True, slots=True)
class Source:
    """A bibliographic source.

    Attributes
    ----------
    key : str
    kind : str
        BibTeX entry type, for example ``article``, ``book`` or ``misc``.
    fields : mapping of str to str
        BibTeX fields, for example ``author``, ``title``, ``year``, ``doi``.
    """

    key: str
    kind: str
    fields: Mapping[str, str]

    def bibtex(self) -> str:
        """Return the BibTeX entry."""
        lines = [f"  {name} = {{{value}}}," for name, value in self.fields.items()]
        return "\n".join([f"@{self.kind}{{{self.key},", *lines, "}"])

    def __str__(self) -> str:
        f = {name: value.replace("{", "").replace("}", "") for name, value in self.fields.items()}
        names = f.get("author", "").split(" and ")
        surnames = [name.split(",")[0] for name in names if name]
        who = (
            ", ".join(surnames[:-1]) + " and " + surnames[-1]
            if len(surnames) > 1
            else (surnames[0] if surnames else self.key)
        )
        where = ", ".join(
            part
            for part in (
                f.get("journal") or f.get("publisher") or f.get("howpublished", ""),
                f.get("volume", ""),
                f.get("pages", "").replace("--", "-"),
            )
            if part
        )
        doi = f", doi:{f['doi']}" if "doi" in f else ""
        place = f", {where}" if where else ""
        return f"{who} ({f.get('year', 'n.d.')}), {f.get('title', '')}{place}{doi}"


PACKAGE = Source(
    "alignment_games",
    "software",
    {
        "author": "{The alignment_games developers}",
        "title": "alignment_games: when does hedging beat balancing and bandwagoning?",
        "year": "2026",
        "version": __version__,
    },
)

METHOD_SOURCES = {
    "vertex-enumeration": Source(
        "avis2010",
        "article",
        {
            "author": "Avis, David and Rosenberg, Gabriel D. and Savani, Rahul and "
            "von Stengel, Bernhard",
            "title": "Enumeration of {Nash} equilibria for two-player games",
            "journal": "Economic Theory",
            "year": "2010",
            "volume": "42",
            "pages": "9--37",
            "doi": "10.1007/s00199-009-0449-x",
        },
    ),
    "correlated-program": Source(
        "aumann1974",
        "article",
        {
            "author": "Aumann, Robert J.",
            "title": "Subjectivity and correlation in randomized strategies",
            "journal": "Journal of Mathematical Economics",
            "year": "1974",
            "volume": "1",
            "number": "1",
            "pages": "67--96",
            "doi": "10.1016/0304-4068(74)90037-8",
        },
    ),
    "double-description": Source(
        "fukuda1996",
        "inproceedings",
        {
            "author": "Fukuda, Komei and Prodon, Alain",
            "title": "Double description method revisited",
            "booktitle": "Combinatorics and Computer Science",
            "year": "1996",
            "volume": "1120",
            "pages": "91--111",
            "doi": "10.1007/3-540-61576-8_77",
        },
    ),
    "logit-path": Source(
        "turocy2005",
        "article",
        {
            "author": "Turocy, Theodore L.",
            "title": "A dynamic homotopy interpretation of the logistic quantal response "
            "equilibrium correspondence",
            "journal": "Games and Economic Behavior",
            "year": "2005",
            "volume": "51",
            "number": "2",
            "pages": "243--263",
            "doi": "10.1016/j.geb.2004.04.003",
        },
    ),
    "support-enumeration": Source(
        "porter2008",
        "article",
        {
            "author": "Porter, Ryan and Nudelman, Eugene and Shoham, Yoav",
            "title": "Simple search methods for finding a {Nash} equilibrium",
            "journal": "Games and Economic Behavior",
            "year": "2008",
            "volume": "63",
            "pages": "642--662",
            "doi": "10.1016/j.geb.2006.03.015",
        },
    ),
    "nashpy": Source(
        "knight2018",
        "article",
        {
            "author": "Knight, Vincent and Campbell, James",
            "title": "Nashpy: A {Python} library for the computation of {Nash} equilibria",
            "journal": "Journal of Open Source Software",
            "year": "2018",
            "volume": "3",
            "number": "30",
            "pages": "904",
            "doi": "10.21105/joss.00904",
        },
    ),
}


def cite(item: object = None) -> str:
    """Return BibTeX entries for the package and for what `item` rests on.

    Parameters
    ----------
    item : Scenario, Solution or Report, optional
        A scenario's sources, or the source of the method that a solution used.

    Returns
    -------
    str

    Examples
    --------
    >>> import alignment_games as ag
    >>> print(ag.cite().splitlines()[0])
    @software{alignment_games,
    """
    entries = [PACKAGE]
    scenario = getattr(item, "scenario", item)
    sources = getattr(scenario, "sources", None)
    if isinstance(sources, Mapping):
        entries += [source for source in sources.values() if isinstance(source, Source)]
    for solution in (item, getattr(item, "simultaneous", None)):
        method = getattr(solution, "method", None)
        if isinstance(method, str):
            entries += [s for name, s in METHOD_SOURCES.items() if method.startswith(name)]
    return "\n\n".join(entry.bibtex() for entry in entries)
