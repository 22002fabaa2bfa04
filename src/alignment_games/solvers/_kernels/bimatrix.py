"""Loops for two-player games: regular equilibria by supports, and by vertices.

Both functions either prove that they found all equilibria of a game in which every extreme
equilibrium is regular, or say that they cannot tell. `alignment_games.solvers.polytope` holds
the readable definition, which needs no such luck.
"""

from __future__ import annotations

import numpy as np

from ..._typing import FloatArray, IntArray, MaskArray
from . import compiled

__all__ = [
    "DONE",
    "ENTRY_ERROR",
    "MAX_LABELS",
    "MAX_SUPPORT",
    "SUPPORT_COLUMNS",
    "TOO_LARGE",
    "UNDECIDED",
    "grow_ints",
    "lemke_howson",
    "slot_of",
    "supports",
    "vertices",
]

MAX_SUPPORT = 5
"""Largest support that `supports` handles."""
SUPPORT_COLUMNS = 24
MAX_LABELS = 62
"""Largest number of strategies of both players that `vertices` handles."""

ENTRY_ERROR = 1e-15
"""Bound on the error of entries in [1, 2] that were rounded twice."""

DONE = 0
"""All equilibria were found, and each is regular."""
UNDECIDED = -1
"""Some tie, or a sign that rounding leaves open: only exact arithmetic can tell."""
TOO_LARGE = -2
"""Numbers could leave 64 bits, or the buffer is full."""


@compiled
def _minors(d: IntArray, k: int, w: IntArray) -> int:
    """Fill `w` with a vector orthogonal to the k - 1 rows of `d`; return its sum.

    The entries are the signed minors of order k - 1 (a generalized cross product).
    """
    if k == 1:
        w[0] = 1
        return 1
    if k == 2:
        w[0] = d[0, 1]
        w[1] = -d[0, 0]
        return int(w[0] + w[1])
    if k == 3:
        w[0] = d[0, 1] * d[1, 2] - d[0, 2] * d[1, 1]
        w[1] = d[0, 2] * d[1, 0] - d[0, 0] * d[1, 2]
        w[2] = d[0, 0] * d[1, 1] - d[0, 1] * d[1, 0]
        return int(w[0] + w[1] + w[2])
    if k == 4:
        total = 0
        for skip in range(4):
            a = 1 if skip == 0 else 0
            b = 1 if skip > 1 else 2
            c = 2 if skip == 3 else 3
            minor = (
                d[0, a] * (d[1, b] * d[2, c] - d[1, c] * d[2, b])
                - d[0, b] * (d[1, a] * d[2, c] - d[1, c] * d[2, a])
                + d[0, c] * (d[1, a] * d[2, b] - d[1, b] * d[2, a])
            )
            w[skip] = minor if skip % 2 == 0 else -minor
            total += w[skip]
        return total
    total = 0
    for skip in range(5):
        a = 1 if skip == 0 else 0
        b = 1 if skip > 1 else 2
        c = 2 if skip > 2 else 3
        e = 3 if skip == 4 else 4
        # Laplace expansion by the first two rows.
        minor = (
            (d[0, a] * d[1, b] - d[0, b] * d[1, a]) * (d[2, c] * d[3, e] - d[2, e] * d[3, c])
            - (d[0, a] * d[1, c] - d[0, c] * d[1, a]) * (d[2, b] * d[3, e] - d[2, e] * d[3, b])
            + (d[0, a] * d[1, e] - d[0, e] * d[1, a]) * (d[2, b] * d[3, c] - d[2, c] * d[3, b])
            + (d[0, b] * d[1, c] - d[0, c] * d[1, b]) * (d[2, a] * d[3, e] - d[2, e] * d[3, a])
            - (d[0, b] * d[1, e] - d[0, e] * d[1, b]) * (d[2, a] * d[3, c] - d[2, c] * d[3, a])
            + (d[0, c] * d[1, e] - d[0, e] * d[1, c]) * (d[2, a] * d[3, b] - d[2, b] * d[3, a])
        )
        w[skip] = minor if skip % 2 == 0 else -minor
        total += w[skip]
    return total


@compiled
def _next(chosen: IntArray, k: int, size: int) -> bool:
    """Move to the next k-subset of range(size) in lexicographic order."""
    position = k - 1
    while position >= 0 and chosen[position] == size - k + position:
        position -= 1
    if position < 0:
        return False
    chosen[position] += 1
    for after in range(position + 1, k):
        chosen[after] = chosen[after - 1] + 1
    return True


@compiled
def supports(payoffs: IntArray, found: IntArray, profiles: FloatArray) -> tuple[int, int]:
    """Find all regular equilibria of a small integer game by solving every pair of supports.

    Parameters
    ----------
    payoffs : ndarray of int64, shape (2, m, n)
    found : ndarray of int64, shape (capacity, 24)
        Filled with one row an equilibrium: size k of the supports and index; then, for the
        row and the column player, the first k of 5 strategies in use and, from column 12, the
        first k of 6 probabilities times a common denominator.
    profiles : ndarray of float64, shape (capacity, m + n)
        Zeros; filled with the probabilities of both players' strategies.

    Returns
    -------
    tuple of int
        A code (``DONE``, ``UNDECIDED``, ``TOO_LARGE``) and the number of rows filled.
    """
    m, n = payoffs.shape[1], payoffs.shape[2]
    largest = min(m, n)
    if largest > 5:
        return -2, 0
    # Every number below is at most k! spread^k in size.
    bound = 1.0
    for who in range(2):
        low, high = payoffs[who, 0, 0], payoffs[who, 0, 0]
        for i in range(m):
            for j in range(n):
                low = min(low, payoffs[who, i, j])
                high = max(high, payoffs[who, i, j])
        bound = max(bound, float(high) - float(low))
    size = 1.0
    for k in range(1, largest + 1):
        size *= k * bound
        if size > 4.0e18:
            return -2, 0
    a, b = payoffs[0], payoffs[1]
    rows = np.empty(5, np.int64)
    columns = np.empty(5, np.int64)
    d = np.empty((4, 5), np.int64)
    w = np.empty(5, np.int64)
    v = np.empty(5, np.int64)
    count = 0
    for k in range(1, largest + 1):
        for p in range(k):
            rows[p] = p
        more_rows = True
        while more_rows:
            for p in range(k):
                columns[p] = p
            more_columns = True
            while more_columns:
                # The row player's weights make the column player indifferent on `columns`.
                for q in range(1, k):
                    for p in range(k):
                        d[q - 1, p] = b[rows[p], columns[q]] - b[rows[p], columns[0]]
                x_sum = _minors(d, k, w)
                sign = 1 if x_sum > 0 else -1
                feasible = x_sum != 0
                tie = False
                for p in range(k):
                    if w[p] * sign < 0:
                        feasible = False
                    elif w[p] == 0:
                        tie = True
                if feasible:
                    q = 0
                    for j in range(n):
                        if q < k and columns[q] == j:
                            q += 1
                            continue
                        gain = 0
                        for p in range(k):
                            gain += w[p] * (b[rows[p], j] - b[rows[p], columns[0]])
                        if gain * sign > 0:
                            feasible = False
                            break
                        if gain == 0:
                            tie = True
                if feasible:
                    if tie:
                        return -1, count
                    for p in range(1, k):
                        for q in range(k):
                            d[p - 1, q] = a[rows[p], columns[q]] - a[rows[0], columns[q]]
                    y_sum = _minors(d, k, v)
                    other = 1 if y_sum > 0 else -1
                    tie = False
                    for q in range(k):
                        if y_sum == 0:
                            # No weights of sum 1, unless the system leaves them open.
                            tie = True
                            if v[q] != 0:
                                feasible = False
                        elif v[q] * other < 0:
                            feasible = False
                        elif v[q] == 0:
                            tie = True
                    if feasible and y_sum != 0:
                        p = 0
                        for i in range(m):
                            if p < k and rows[p] == i:
                                p += 1
                                continue
                            gain = 0
                            for q in range(k):
                                gain += v[q] * (a[i, columns[q]] - a[rows[0], columns[q]])
                            if gain * other > 0:
                                feasible = False
                                break
                            if gain == 0:
                                tie = True
                    if feasible:
                        if tie:
                            return -1, count
                        if count == found.shape[0]:
                            return -2, count
                        row = found[count]
                        row[0] = k
                        row[1] = sign * other if k % 2 == 1 else -sign * other
                        for p in range(k):
                            row[2 + p] = rows[p]
                            row[7 + p] = columns[p]
                            row[12 + p] = w[p] * sign
                            row[18 + p] = v[p] * other
                            profiles[count, rows[p]] = w[p] / x_sum
                            profiles[count, m + columns[p]] = v[p] / y_sum
                        count += 1
                more_columns = _next(columns, k, n)
            more_rows = _next(rows, k, m)
    return 0, count


@compiled
def _grow(table: FloatArray, size: int) -> FloatArray:
    bigger = np.empty((size, table.shape[1], table.shape[2]))
    bigger[: table.shape[0]] = table
    return bigger


@compiled
def grow_ints(table: IntArray, size: int) -> IntArray:
    bigger = np.empty((size, table.shape[1]), np.int64)
    bigger[: table.shape[0]] = table
    return bigger


@compiled
def slot_of(keys: MaskArray, key: np.uint64) -> int:
    """Return where `key` is or belongs in an open hash table (0 marks an empty place)."""
    last = np.uint64(keys.size - 1)
    place = ((key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & last
    while keys[place] != np.uint64(0) and keys[place] != key:
        place = (place + np.uint64(1)) & last
    return int(place)


@compiled
def _inverse(c: FloatArray, k: int, out: FloatArray) -> bool:
    """Invert the leading k x k block of `c`, which is overwritten, with partial pivoting."""
    for i in range(k):
        for j in range(k):
            out[i, j] = 1.0 if i == j else 0.0
    for step in range(k):
        best = step
        for i in range(step + 1, k):
            if abs(c[i, step]) > abs(c[best, step]):
                best = i
        if abs(c[best, step]) < 1e-14:
            return False
        if best != step:
            for j in range(k):
                c[step, j], c[best, j] = c[best, j], c[step, j]
                out[step, j], out[best, j] = out[best, j], out[step, j]
        scale = 1.0 / c[step, step]
        for j in range(k):
            c[step, j] *= scale
            out[step, j] *= scale
        for i in range(k):
            factor = c[i, step]
            if i != step and factor != 0.0:
                for j in range(k):
                    c[i, j] -= factor * c[step, j]
                    out[i, j] -= factor * out[step, j]
    return True


@compiled
def _error(c: FloatArray, r: FloatArray, x: FloatArray, k: int, data: float) -> float:
    """Bound the error of `x` as the solution of C x = 1, for every C within `data` of `c`.

    With R an approximate inverse, |I - R C| <= a < 1 gives |x - true| <= |R| |1 - C x| / (1 - a)
    (Rump 2010, Acta Numerica 19, section 10). Entries of `c` lie in [1, 2]; all roundings
    are bounded generously. Returns infinity if the bound does not exist.
    """
    unit = 2.3e-16
    norm = 0.0
    defect = 0.0
    for i in range(k):
        size = 0.0
        row = 0.0
        for j in range(k):
            size += abs(r[i, j])
            entry = 1.0 if i == j else 0.0
            for p in range(k):
                entry -= r[i, p] * c[p, j]
            row += abs(entry)
        norm = max(norm, size)
        defect = max(defect, row)
    norm *= 1.0 + k * unit
    defect += norm * k * (data + (2 * k + 4) * 2.0 * unit)
    if not defect < 0.5:
        return np.inf
    total = 0.0
    for j in range(k):
        total += abs(x[j])
    residual = 0.0
    for i in range(k):
        level = 0.0
        for j in range(k):
            level += c[i, j] * x[j]
        residual = max(residual, abs(1.0 - level))
    residual += total * (data + (2 * k + 4) * 2.0 * unit) + 2.0 * unit
    return 2.0 * norm * residual


@compiled
def _rebuild(
    own: FloatArray, name: IntArray, c: FloatArray, r: FloatArray, k: int, table: FloatArray
) -> bool:
    """Compute a vertex's dictionary anew, free of the rounding of all pivots before it.

    On return `r` holds the inverse of the leading block of `c`, which is overwritten.
    """
    n, m = own.shape
    if not _inverse(c, k, r):
        return False
    rows = np.empty(k, np.int64)
    columns = np.empty(k, np.int64)
    p = 0
    for basic in range(n):
        if name[basic] < m:
            rows[p] = name[basic]
            p += 1
    q = 0
    for nonbasic in range(m):
        if name[n + nonbasic] >= m:
            columns[q] = name[n + nonbasic] - m
            q += 1
    for last in range(m + 1):
        # The column of the entering variable (or the constants) in terms of the rows of `own`.
        slack = last < m and name[n + last] >= m
        q = 0
        for j in range(last):
            if name[n + j] >= m:
                q += 1
        p = 0
        for basic in range(n):
            if name[basic] >= m:
                continue
            value = 0.0
            if slack:
                value = r[p, q]
            else:
                for t in range(k):
                    right = 1.0 if last == m else own[columns[t], name[n + last]]
                    value += r[p, t] * right
            table[basic, last] = value
            p += 1
        for basic in range(n):
            if name[basic] < m:
                continue
            j = name[basic] - m
            value = 1.0 if last == m else (0.0 if slack else own[j, name[n + last]])
            p = 0
            for other in range(n):
                if name[other] < m:
                    value -= own[j, rows[p]] * table[other, last]
                    p += 1
            table[basic, last] = value
    return True


@compiled
def vertices(
    own: FloatArray, other: FloatArray, data: float, most: int, entries: int, found: MaskArray
) -> tuple[int, int, int]:
    """Find all regular equilibria by walking over the vertices of one best-reply polytope.

    The polytope is {x >= 0, own x <= 1}. Each vertex met is proved to be a vertex at which no
    further inequality is tight; then every edge at it has its second end among the vertices
    met, and since the edges of a polytope connect all its vertices, none was missed.

    Parameters
    ----------
    own : ndarray of float64, shape (n, m)
        What the opponent earns by each of its n strategies against each of the player's m;
        entries in [1, 2].
    other : ndarray of float64, shape (m, n)
        What the player earns; entries in [1, 2].
    data : float
        Bound on the error of the entries.
    most : int
        Largest number of vertices to meet.
    entries : int
        Largest number of table entries to keep.
    found : ndarray of uint64, shape (capacity, 3)
        Filled with one row a pair of supports, the player's and the opponent's, that may
        carry an equilibrium, and whether it is proved that they do (1) or open (0); all
        other pairs are proved to carry none.

    Returns
    -------
    tuple of int
        A code (``DONE``, ``UNDECIDED``, ``TOO_LARGE``), the number of rows filled, and the
        number of vertices met.
    """
    n, m = own.shape
    one = np.uint64(1)
    unit = 2.3e-16
    # A dictionary a vertex: basic variable = last column - sum of entries * nonbasic ones.
    tables = np.empty((64, n, m + 1))
    names = np.empty((64, n + m), np.int64)  # basic variables, then nonbasic ones
    for j in range(n):
        tables[0, j, :m] = own[j]
        tables[0, j, m] = 1.0
        names[0, j] = m + j
    for i in range(m):
        names[0, n + i] = i
    keys = np.zeros(256, np.uint64)
    start = (one << np.uint64(m)) - one  # nonbasic variables as bits
    keys[slot_of(keys, start)] = start
    waiting = 1
    met = 1
    count = 0
    width = max(m, n)
    x = np.empty(width)
    rows = np.empty(width, np.int64)
    columns = np.empty(width, np.int64)
    c = np.empty((width, width))
    work = np.empty((width, width))
    r = np.empty((width, width))
    table = np.empty((n, m + 1))
    name = np.empty(n + m, np.int64)
    while waiting > 0:
        waiting -= 1
        table[:] = tables[waiting]
        name[:] = names[waiting]
        # The vertex: `rows` are the strategies in use, `columns` the opponent's best replies.
        k = 0
        mask = np.uint64(0)
        for p in range(n + m):
            if p >= n:
                mask |= one << np.uint64(name[p])
            elif name[p] < m:
                k += 1
        replies = mask >> np.uint64(m)
        if k > 0:
            p = 0
            for basic in range(n):
                if name[basic] < m:
                    rows[p] = name[basic]
                    x[p] = table[basic, m]
                    q = 0
                    for nonbasic in range(m):
                        if name[n + nonbasic] >= m:
                            columns[q] = name[n + nonbasic] - m
                            r[p, q] = table[basic, nonbasic]
                            q += 1
                    p += 1
            for q in range(k):
                for p in range(k):
                    c[q, p] = own[columns[q], rows[p]]
            error = _error(c, r, x, k, data)
            if not error < 1e-10:
                work[:k, :k] = c[:k, :k]
                if not _rebuild(own, name, work, r, k, table):
                    return -1, count, met
                p = 0
                for basic in range(n):
                    if name[basic] < m:
                        x[p] = table[basic, m]
                        p += 1
                error = _error(c, r, x, k, data)
                if not error < 1e-3:
                    return -1, count, met
            total = 0.0
            for p in range(k):
                if not x[p] > error:
                    return -1, count, met
                total += x[p]
            blur = 2.0 * k * error + total * (data + (2 * k + 4) * 2.0 * unit) + 2.0 * unit
            for j in range(n):
                if (replies >> np.uint64(j)) & one == np.uint64(0):
                    level = 0.0
                    for p in range(k):
                        level += own[j, rows[p]] * x[p]
                    if not 1.0 - level > blur:
                        return -1, count, met
            # Only the opponent's strategy that uses all of `columns` can go with it.
            for p in range(k):
                for q in range(k):
                    c[p, q] = other[rows[p], columns[q]]
                    work[p, q] = c[p, q]
            possible = True
            proved = False
            if _inverse(work, k, r):
                for q in range(k):
                    x[q] = 0.0
                    for p in range(k):
                        x[q] += r[q, p]
                error = _error(c, r, x, k, data)
                if error < 1e-3:
                    proved = True
                    total = 0.0
                    for q in range(k):
                        total += abs(x[q])
                        if x[q] < -error:
                            possible = False
                        elif not x[q] > error:
                            proved = False
                    if possible:
                        blur = (
                            2.0 * k * error + total * (data + (2 * k + 4) * 2.0 * unit) + 2.0 * unit
                        )
                        for i in range(m):
                            if (mask >> np.uint64(i)) & one == one:
                                level = 0.0
                                for q in range(k):
                                    level += other[i, columns[q]] * x[q]
                                if level > 1.0 + blur:
                                    possible = False
                                    break
                                if not level < 1.0 - blur:
                                    proved = False
            if possible:
                if count == found.shape[0]:
                    return -2, count, met
                found[count, 0] = start ^ (mask & start)
                found[count, 1] = replies
                found[count, 2] = one if proved else np.uint64(0)
                count += 1
        for nonbasic in range(m):
            leaving = -1
            ratio = np.inf
            for basic in range(n):
                if table[basic, nonbasic] > 1e-11:
                    here = table[basic, m] / table[basic, nonbasic]
                    if here < ratio:
                        ratio = here
                        leaving = basic
            if leaving < 0:
                return -1, count, met
            key = mask ^ (one << np.uint64(name[n + nonbasic])) ^ (one << np.uint64(name[leaving]))
            place = slot_of(keys, key)
            if keys[place] == key:
                continue
            if met == most:
                return -2, count, met
            keys[place] = key
            met += 1
            if 2 * met > keys.size:
                old = keys
                keys = np.zeros(4 * old.size, np.uint64)
                for p in range(old.size):
                    if old[p] != np.uint64(0):
                        keys[slot_of(keys, old[p])] = old[p]
            if waiting == tables.shape[0]:
                if 3 * tables.size > entries:
                    return -2, count, met
                tables = _grow(tables, 2 * waiting)
                names = grow_ints(names, 2 * waiting)
            # Pivot: the entering variable takes the row of the leaving one.
            target = tables[waiting]
            inverse = 1.0 / table[leaving, nonbasic]
            for j in range(m + 1):
                target[leaving, j] = table[leaving, j] * inverse
            target[leaving, nonbasic] = inverse
            for i in range(n):
                if i == leaving:
                    continue
                factor = table[i, nonbasic]
                for j in range(m + 1):
                    target[i, j] = table[i, j] - factor * target[leaving, j]
                target[i, nonbasic] = -factor * inverse
            names[waiting] = name
            names[waiting, leaving] = name[n + nonbasic]
            names[waiting, n + nonbasic] = name[leaving]
            waiting += 1
    return 0, count, met


@compiled
def _leaving(table: FloatArray, entering: int, first_slack: int) -> int:
    """Return the row of the lexicographic minimum ratio, ties within rounding noise."""
    n, width = table.shape
    best = -1
    for k in range(n):
        pivot = table[k, entering]
        if pivot <= 1e-11:
            continue
        if best < 0:
            best = k
            continue
        rival = table[best, entering]
        for step in range(width - first_slack):
            column = width - 1 if step == 0 else first_slack + step - 1
            here = table[k, column] / pivot
            there = table[best, column] / rival
            if abs(here - there) > 1e-11 * (1.0 + abs(here) + abs(there)):
                if here < there:
                    best = k
                break
    return best


@compiled
def lemke_howson(
    first: FloatArray, second: FloatArray, label: int, most: int, names: IntArray
) -> int:
    """Follow the path of almost completely labeled pairs of vertices from the pair (0, 0).

    Parameters
    ----------
    first, second : ndarray of float64, shapes (n, m + n + 1) and (m, m + n + 1)
        The tables of the row and the column player's polytopes; overwritten. Columns: own
        strategies, slacks, constants.
    label : int
        The label to drop: a row strategy, or m plus a column strategy.
    most : int
        Largest number of pivots.
    names : ndarray of int64, shape (m + n,)
        Filled with the basic variables of both tables at the end of the path.

    Returns
    -------
    int
        The number of pivots, or a negative number if the path did not end.

    Raises
    ------
    LinAlgError
        If rounding has led to a singular basis.
    """
    n = first.shape[0]
    m = second.shape[0]
    first_start = first.copy()
    second_start = second.copy()
    for j in range(n):
        names[j] = m + j
    for i in range(m):
        names[n + i] = n + i
    entering = label
    for step in range(1, most + 1):
        # Labels are variables of the first table; the second numbers its own strategies first.
        in_first = (step % 2 == 1) == (label < m)
        if in_first:
            table, offset, own = first, 0, m
            column = entering
        else:
            table, offset, own = second, n, n
            column = entering - m if entering >= m else n + entering
        row = _leaving(table, column, own)
        if row < 0:
            return -1
        left = names[offset + row]
        names[offset + row] = column
        if step % 128 < 2 and step > 1:  # rounding piles up: compute the table anew
            if in_first:
                first[:] = np.linalg.solve(first_start[:, names[:n]], first_start)
            else:
                second[:] = np.linalg.solve(second_start[:, names[n:]], second_start)
        else:
            table[row] /= table[row, column]
            for k in range(table.shape[0]):
                if k != row and table[k, column] != 0.0:
                    table[k] -= table[k, column] * table[row]
        entering = left if in_first else (m + left if left < n else left - n)
        if entering == label:
            return step
    return -2
