"""Citations: what a model, a scenario or a solution rests on, as BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ._version import __version__

__all__ = ["METHOD_SOURCES", "PACKAGE", "TIME_SOURCES", "Source", "cite"]


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
    "sequence-form": Source(
        "koller1996",
        "article",
        {
            "author": "Koller, Daphne and Megiddo, Nimrod and von Stengel, Bernhard",
            "title": "Efficient computation of equilibria for extensive two-person games",
            "journal": "Games and Economic Behavior",
            "year": "1996",
            "volume": "14",
            "pages": "247--259",
            "doi": "10.1006/game.1996.0051",
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
    "agent-quantal": Source(
        "mckelvey1998",
        "article",
        {
            "author": "McKelvey, Richard D. and Palfrey, Thomas R.",
            "title": "Quantal response equilibria for extensive form games",
            "journal": "Experimental Economics",
            "year": "1998",
            "volume": "1",
            "pages": "9--41",
            "doi": "10.1023/A:1009905800005",
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


_MARKOV = Source(
    "maskin2001",
    "article",
    {
        "author": "Maskin, Eric and Tirole, Jean",
        "title": "{Markov} perfect equilibrium {I}: Observable actions",
        "journal": "Journal of Economic Theory",
        "year": "2001",
        "volume": "100",
        "pages": "191--219",
        "doi": "10.1006/jeth.2000.2785",
    },
)

_SHAPLEY = Source(
    "shapley1953",
    "article",
    {
        "author": "Shapley, Lloyd S.",
        "title": "Stochastic games",
        "journal": "Proceedings of the National Academy of Sciences",
        "year": "1953",
        "volume": "39",
        "pages": "1095--1100",
        "doi": "10.1073/pnas.39.10.1095",
    },
)

_GENERATED = Source(
    "abreu1990",
    "article",
    {
        "author": "Abreu, Dilip and Pearce, David and Stacchetti, Ennio",
        "title": "Toward a theory of discounted repeated games with imperfect monitoring",
        "journal": "Econometrica",
        "year": "1990",
        "volume": "58",
        "pages": "1041--1063",
        "doi": "10.2307/2938299",
    },
)

_ENCLOSED = Source(
    "judd2003",
    "article",
    {
        "author": "Judd, Kenneth L. and Yeltekin, Sevin and Conklin, James",
        "title": "Computing supergame equilibria",
        "journal": "Econometrica",
        "year": "2003",
        "volume": "71",
        "pages": "1239--1254",
        "doi": "10.1111/1468-0262.t01-1-00445",
    },
)

_BAYES = Source(
    "harsanyi1968",
    "article",
    {
        "author": "Harsanyi, John C.",
        "title": "Games with incomplete information played by {`Bayesian'} players, part {II}: "
        "{Bayesian} equilibrium points",
        "journal": "Management Science",
        "year": "1968",
        "volume": "14",
        "pages": "320--334",
        "doi": "10.1287/mnsc.14.5.320",
    },
)

TIME_SOURCES = {
    "bayes-nash": (_BAYES,),
    "pure-markov-perfect": (_MARKOV,),
    "markov-perfect": (
        _MARKOV,
        Source(
            "herings2004",
            "article",
            {
                "author": "Herings, P. Jean-Jacques and Peeters, Ronald J. A. P.",
                "title": "Stationary equilibria in stochastic games: structure, selection, "
                "and computation",
                "journal": "Journal of Economic Theory",
                "year": "2004",
                "volume": "118",
                "pages": "32--60",
            },
        ),
    ),
    "backward-induction-over-states": (_SHAPLEY,),
    "strategy-iteration": (
        _SHAPLEY,
        Source(
            "pollatschek1969",
            "article",
            {
                "author": "Pollatschek, M. A. and Avi-Itzhak, B.",
                "title": "Algorithms for stochastic games with geometrical interpretation",
                "journal": "Management Science",
                "year": "1969",
                "volume": "15",
                "pages": "399--415",
                "doi": "10.1287/mnsc.15.7.399",
            },
        ),
    ),
    "self-generation": (_GENERATED, _ENCLOSED),
    "cell-elimination": (_GENERATED,),
    "abreu-pearce-stacchetti": (_GENERATED,),
    "judd-yeltekin-conklin": (_GENERATED, _ENCLOSED),
    "abreu-sannikov": (
        _GENERATED,
        Source(
            "abreu2014",
            "article",
            {
                "author": "Abreu, Dilip and Sannikov, Yuliy",
                "title": "An algorithm for two-player repeated games with perfect monitoring",
                "journal": "Theoretical Economics",
                "year": "2014",
                "volume": "9",
                "pages": "313--338",
                "doi": "10.3982/TE1302",
            },
        ),
    ),
    "one-shot-deviation": (
        Source(
            "blackwell1965",
            "article",
            {
                "author": "Blackwell, David",
                "title": "Discounted dynamic programming",
                "journal": "Annals of Mathematical Statistics",
                "year": "1965",
                "volume": "36",
                "pages": "226--235",
                "doi": "10.1214/aoms/1177700285",
            },
        ),
    ),
}
"""Sources of the concepts and methods of Bayesian, repeated and stochastic games."""


def cite(item: object = None) -> str:
    """Return BibTeX entries for the package and for what `item` rests on.

    Parameters
    ----------
    item : Scenario, Report, or the result of a solver, optional
        A scenario's sources, or those of the concept and the method behind a result.

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
        for name in (getattr(solution, "concept", None), method):
            if isinstance(name, str):
                entries += TIME_SOURCES.get(name, ())
    return "\n\n".join(entry.bibtex() for entry in entries)
