"""Hostile formulas and model files: a clear error, within a second and bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp

import alignment_games as ag
from alignment_games.errors import ModelError, ParameterError
from alignment_games.models import parse_formula, parse_model

LONG = "9" * 60

ATTACKS = {
    # to reach Python
    "dunder": "x.__class__.__mro__[1].__subclasses__()",
    "dunder name": "__import__",
    "import": "__import__('os').system('true')",
    "builtins": "__builtins__",
    "eval": "eval(x)",
    "exec": "exec(x)",
    "sympify": "sympify(x)",
    "Symbol": "Symbol(x)",
    "Function": "Function(x)",
    "getattr": "getattr(x, y)",
    "open": 'open("/etc/passwd")',
    "lambda": "(lambda: x)()",
    "lambda unbracketed": "lambda x: x",
    "comprehension": "[x for x in (1, 2)]",
    "walrus": "(x := 1)",
    "call of a call": "sqrt(x)(y)",
    "call of a number": "1(x)",
    "attribute of a number": "1.real",
    "attribute chain": "x.args.func.subs",
    "index": "x[0]",
    "string": "'x'",
    "double-quoted string": '"x"',
    "f-string": "f'{x}'",
    "backtick": "`x`",
    "statement": "x; y",
    "assignment": "x = y",
    "comment": "x # y",
    "keyword argument": "max(x=1, y=2)",
    "star": "max(*x)",
    "two stars": "max(**x)",
    "Python's choice": "x if x < y else y",
    "True": "True",
    "None": "None",
    "shift": "1 << 99999999999",
    "xor": "x^y",
    "modulo": "x % 3",
    "whole division": "x // 3",
    "factorial": "x!",
    "matrix product": "x @ y",
    "imaginary": "1j*x",
    "infinity": "inf",
    "oo": "oo",
    "zoo": "zoo",
    "nan": "nan",
    # letters that look like others
    "Cyrillic": "х + 1",
    "full width": "ｘ + 1",
    "italic": "𝑥 + 1",
    "full-width bracket": "（x）",
    "full-width low line": "x＿＿class＿＿",
    "zero-width space": "x\u200b",
    "right-to-left": "\u202ex",
    "no-break space": "x\u00a0+ y",
    "superscript": "x²",
    "Arabic digit": "٣",
    "combining": "x\u0301",
    "NUL": "x\0",
    "escape": "x\x1b[2J",
    "surrogate": "x\ud800",
    "form feed": "x\f",
    # to take time or memory
    "tower": "9**9**9",
    "tower of ten": "10**10**10",
    "tower of calls": "exp(exp(exp(9)))",
    "high tower of calls": "exp(" * 20 + "9" + ")" * 20,
    "tower in brackets": "((((9**60)**60)**60)**60)",
    "power": "2**999999999",
    "negative power": "2**-999999999",
    "power in a denominator": "1/9**9**9",
    "powers of a sum": "((x + 9)**64)**64",
    "power that cancels": "(x/x*9)**300",
    "powers that cancel": "((x/x*9)**60)**60",
    "exponent that cancels": "9**(y - y + 387420489)",
    "factor in an exponent": "2**(387420489*y)",
    "power by exp and log": "exp(9**9*log(9))",
    "power by exp and log that cancels": "exp(y - y + 387420489*log(9))",
    "nested powers by exp and log": "exp(64*log(exp(64*log(exp(64*log(exp(64*log(9))))))))",
    "product of huge powers": "*".join(["9**64"] * 90),
    "sum of huge powers": "+".join(f"9**64/{k}**64" for k in range(2, 60)),
    "many long numbers": "*".join([LONG] * 60),
    "root of many long numbers": "sqrt(" + "*".join([LONG] * 60) + ")",
    "high root": "(" + "*".join([LONG] * 60) + ")**(1/63)",
    "product of roots": "*".join(f"sqrt({LONG})" for _ in range(50)),
    "sum of roots": "+".join(f"sqrt({LONG[:-2]}{k})" for k in range(10, 60)),
    "logarithm": "log(" + "*".join([LONG] * 60) + ")",
    "long number": "9" * 3900,
    "long decimal": "0." + "9" * 3900,
    "long exponent": "1e" + "9" * 3900,
    "exponent": "1e999999999",
    "small exponent": "1e-999999999",
    "overflow": "1e300*1e300",
    "infinite constant": "exp(200)*exp(200)",
    "hidden constant": "exp(x + exp(200))*exp(-x)",
    "zero": "1/0",
    "zero of roots": "1/(sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6)))",
    "logarithm of zero of roots": "log(sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6)))",
    "brackets": "(" * 3999,
    "closed brackets": "(" * 1900 + "x" + ")" * 1900,
    "signs": "-" * 3999 + "x",
    "negations": "not " * 900 + "x < 1",
    "calls": "abs(" * 900 + "x",
    "powers": "x**" * 900 + "x",
    "choices": "if(x < 1, 1, " * 200 + "2" + ")" * 200,
    "choices in conditions": "if(" * 20 + "x" + " < 1, 1, 2)" * 20,
    "sums of choices in a condition": "if("
    + "+".join(f"if(x < {k}, {k}, y)" for k in range(15))
    + " < 1, 1, 2)",
    "comparisons": "if(" + " and ".join(f"x**{k} < {k}" for k in range(1, 66)) + ", 1, 2)",
    "extremes": "+".join(["max(" + ",".join(f"x*{k}-y" for k in range(8)) + ")"] * 8),
    "many arguments": "max(" + ",".join(["x"] * 900) + ")",
    "long name": "x" * 4000,
    "many terms": "+".join(["x"] * 2000),
    "a megabyte": "x" * 10**6,
    "a megabyte of brackets": "(" * 10**6,
    "nothing": "",
    "blanks": " " * 4000,
}  # fmt: skip

# These are formulas: what they take is bounded as well.
HEAVY = {
    "products of sums": "*".join(f"(x - {k} + sqrt({k + 2})*y)" for k in range(50)),
    "absolute product": "abs(" + "*".join(f"(x*{k} - y)" for k in range(50)) + ")",
    "root of a product": "(" + "*".join(f"(x - {k})" for k in range(50)) + ")**(1/2)",
    "nested extremes": "max(min(max(min(max(x - y, y), 2*x), y - 3), x*y), 3*x - y)",
    "conditions of one name": "if("
    + " and ".join(f"x**{k % 60} - {k}*x**3 + x < {k}" for k in range(1, 50))
    + ", 1, 2)",
    "equalities": "if(" + " or ".join(f"x**2 - {k}*y == {k}" for k in range(60)) + ", 1, 2)",
    "nested choices": "if(x < 1, 1, " * 15 + "2" + ")" * 15,
    "nested roots": "max(" + "sqrt(2 + " * 20 + "1" + ")" * 20 + ", 2)",
    "equal roots": "max(sqrt(2) + sqrt(3), sqrt(5 + 2*sqrt(6)))",
    "fractions": "+".join(f"x/(y + {LONG[:40]}{k})" for k in range(60)),
    "terms": "+".join(f"x*y/{k}" for k in range(1, 160)),
}

RUN = """
import json
import resource
import sys
import time
import sympy as sp
from alignment_games.errors import ModelError
from alignment_games.models import parse_condition, parse_formula, parse_model
texts = json.load(sys.stdin)
names = {"x": sp.Symbol("x", real=True), "y": sp.Symbol("y", nonnegative=True)}
str(parse_formula("sqrt(8)*exp(log(x)) + if(x < 1 and y > 2, max(x, y), abs(x))**(1/3)", names))
pages = int(open("/proc/self/statm").read().split()[0])
limit = pages * resource.getpagesize() + 2**28
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
read = {
    "formula": lambda text: parse_formula(text, names),
    "condition": lambda text: parse_condition(text, names),
    "model": parse_model,
}[sys.argv[1]]
found = {}
for name, text in texts.items():
    start = time.process_time()
    try:
        read(text)
        outcome = ""
    except ModelError as error:
        outcome = str(error) or "?"
    found[name] = (outcome, time.process_time() - start)
print(json.dumps(found))
"""


def run(kind: str, texts: dict[str, str]) -> dict[str, tuple[str, float]]:
    """Read texts in a process of 256 MB more than Python with SymPy needs."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("the size of a process is read from Linux's /proc")
    done = subprocess.run(
        [sys.executable, "-c", RUN, kind],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, tuple[str, float]] = json.loads(done.stdout)
    assert list(found) == list(texts)
    return found


@pytest.mark.parametrize("kind", ["formula", "condition"])
def test_attacks_are_refused_at_once(kind: str) -> None:
    for name, (outcome, seconds) in run(kind, ATTACKS).items():
        assert outcome, f"{name} was read"
        assert seconds < 1, (name, seconds)
        assert len(outcome) < 400, name
        assert outcome.isprintable(), name
        assert "column" in outcome or "a formula may have 4000 characters" in outcome, outcome


def test_heavy_formulas_are_read_in_bounded_time() -> None:
    for name, (outcome, seconds) in run("formula", HEAVY).items():
        assert not outcome, (name, outcome)
        assert seconds < 2, (name, seconds)


MODEL = """schema = 1
name = "m"
[players]
a = ["s", "t"]
[parameters.x]
domain = [0, 1]
[payoffs.s]
a = "x"
[payoffs.t]
a = "1 - x"
"""


def definitions(*texts: str) -> str:
    lines = "\n".join(f'd{k} = "{text}"' for k, text in enumerate(texts))
    return MODEL.replace("[payoffs.s]", f"[definitions]\n{lines}\n[payoffs.s]")


FILES = {
    "a bomb of definitions": definitions(
        "x + 2", *(f"(d{k} + {k})*(d{k} - {k})" for k in range(60))
    ),
    "a bomb of powers": definitions("x + 9", *(f"d{k}**64" for k in range(20))),
    "a bomb of numbers": definitions("9", *(f"d{k}**64" for k in range(20))),
    "a bomb of choices": definitions("x", *(f"if(x < d{k}, d{k} + 1, d{k})" for k in range(60))),
    "a bomb of extremes": definitions("x", *(f"max(d{k}*x, 1 - d{k})" for k in range(60))),
    "many definitions": definitions(*["x"] * 1001),
    "a definition of itself": definitions("d0"),
    "a symbol that is code": MODEL.replace(
        "domain = [0, 1]", "domain = [0, 1]\nsymbol = \"__import__('os')\""
    ),
    "a symbol that is a word": MODEL.replace("[0, 1]", '[0, 1]\nsymbol = "if"'),
    "a parameter that is code": MODEL.replace("[parameters.x]", "[parameters.\"eval('1')\"]"),
    "a domain that is code": MODEL.replace("[0, 1]", '["__import__(1)", 1]'),
    "a payoff that is code": MODEL.replace('"1 - x"', "\"__import__('os').getcwd()\""),
    "a payoff that is a list": MODEL.replace('"1 - x"', "[1, 2]"),
    "a payoff that is huge": MODEL.replace('"1 - x"', "1e999999999"),
    "a payoff of many digits": MODEL.replace('"1 - x"', "9" * 5000),
    "a payoff that is not finite": MODEL.replace('"1 - x"', "nan"),
    "many profiles": MODEL.replace(
        '[players]\na = ["s", "t"]',
        "[players]\n" + "\n".join(f'p{k} = ["s", "t"]' for k in range(40)),
    ),
    "nested tables": MODEL + "[payoffs" + ".s" * 10_000 + "]\na = 1\n",
    "nested arrays": "x = " + "[" * 50_000,
    "a long key": "a" + ".a" * 40_000 + " = 1\n",
    "unknown keys": "".join(f"k{k} = 1\n" for k in range(20_000)),
    "control characters": MODEL.replace('name = "m"', 'name = "\\u001b[2J"'),
    "a name of blanks": MODEL.replace('name = "m"', 'name = "   "'),
    "text": "hello",
}


def test_hostile_files_are_refused_at_once() -> None:
    for name, (outcome, seconds) in run("model", FILES).items():
        assert outcome, f"{name} was read"
        assert seconds < 2, (name, seconds)
        assert outcome.startswith("model: "), outcome
        assert len(outcome) < 600, name


@pytest.mark.parametrize("part", ['"!"', '"a b"', "'a b'", '"é"', "a", '"a.b"', '"\\""'])
def test_long_dotted_keys_are_refused_however_they_are_quoted(part: str) -> None:
    text = ".".join([part] * 32_000)
    for file in (f"{text} = 1", f"[{text}]\na = 1", f"a = {{ {text} = 1 }}"):
        with pytest.raises(ModelError, match="a dotted key has more than 16 parts"):
            parse_model(file)


def test_dots_in_texts_and_remarks_are_no_keys() -> None:
    dots = ".".join(map(str, range(40)))
    text = f"a = \"{dots}\" # {dots}\nb = '{dots}'\nc = \"\"\"\n{dots}\"\"\"\nd = '''{dots}'''\n"
    with pytest.raises(ModelError, match="unknown key 'a'"):
        parse_model(text)


@pytest.mark.parametrize("formula", ["(x**64)**64", "((x + 1)**8)**9", "x**40 * x**40", "x**-65"])
def test_powers_of_powers_are_bounded(formula: str) -> None:
    x = sp.Symbol("x", positive=True)
    with pytest.raises(ModelError, match="exponents lie from -64 to 64"):
        parse_formula(formula, {"x": x})


def test_domains_are_numbers_that_floats_can_be() -> None:
    with pytest.raises(ParameterError, match="ends of an interval lie from -1e300 to 1e300"):
        ag.models.Interval(0, 10**400)
