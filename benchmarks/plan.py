# ruff: noqa: INP001, T201, S603 - a command that speaks by printing and runs fixed programs
"""How long the plan of a value chain takes and how much memory, beside scipy and linopy on the same chain.

python benchmarks/plan.py [--enterprises 10000 …] [--times 3] [--peer PYTHON] [--limit 600] [--without-scipy]

The chain comes from a seeded script: raw material, three stages, buyers; every enterprise at a place of its own, on
the plane, with routes to the nearest of the next stage. ``--peer`` is the Python of an environment of its own with
linopy and highspy; it is run from outside and never imported. Each is a fresh process that reads the same file, on one
thread; its seconds are those after the file is read, and its memory is the most that the process held. Processor time
is told beside the time on the clock, since other work on the machine slows only the latter as a rule.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
NEAREST = (12, 12, 3)  # routes from each enterprise to the next stage
MEASURED = """
import resource, sys, time
import numpy as np
data = np.load(sys.argv[1])
began, used = time.perf_counter(), time.process_time()
{work}
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.perf_counter() - began, time.process_time() - used, most, objective, *more)
"""
CHAIN = """
from kawasan.engine import chain_program, planning
from kawasan.engine.chain import *
n, m = len(data["share"]), len(data["price"])
codes = tuple(f"{i:07}" for i in range(n + m))
first = np.flatnonzero(data["activity"] == 0)
chain = Chain(
    period_months=np.array([12.0]),
    places=Places(codes=codes),
    fields=Fields(codes=("any",)),
    activities=Activities(
        codes=("hulu", "on farm", "hilir"),
        field=np.zeros(3, dtype=np.int64),
        stage=np.array([0, 1, 2]),
        capacity=np.full((3, 1), 12.0),
        running_cost_idr=np.array([100_000.0, 200_000.0, 300_000.0]),
        output=entries(np.array([[0, 100.0, 0, 0], [0, 0, 80, 0], [0, 0, 0, 50]])),
        input=entries(np.array([[60.0, 0, 0, 0], [0, 90, 0, 0], [0, 0, 70, 0]])),
    ),
    commodities=Commodities(codes=("raw", "c1", "c2", "c3"), transport_idr=np.array([50.0, 50.0, 60.0, 80.0])),
    existing=Existing(codes=codes[:n], activity=data["activity"], place=np.arange(n), share=data["share"][:, None]),
    routes=Routes(source=data["source"], target=data["target"], km=data["km"]),
    suppliers=Suppliers(
        codes=codes[: first.size],
        commodity=np.zeros(first.size, dtype=np.int64),
        place=first,
        price_idr=data["raw_price"][:, None],
    ),
    outlets=Outlets(
        codes=codes[:m],
        commodity=np.full(m, 3),
        place=np.arange(n, n + m),
        price_idr=data["price"][:, None],
        quantity=data["quantity"][:, None],
    ),
)
"""
OURS = MEASURED.format(
    work=CHAIN
    + """
built = time.process_time()
model = chain_program.build(planning.ordered(chain).chain, whole=False)
built = time.process_time() - built
rows, columns = model.program.row_lower.size, model.program.objective.size
del model
objective = planning.solve(chain, whole=False, trace=False).income_idr
more = (built, rows, columns)
"""
)
SCIPY = MEASURED.format(
    work=CHAIN
    + """
model = chain_program.build(planning.ordered(chain).chain, whole=False)
p, gain = model.program, planning.measures(model)["income"]
from scipy.optimize import linprog
from scipy.sparse import coo_array
matrix = coo_array((p.value, (p.row, p.column)), (p.row_lower.size, gain.size)).tocsr()
began, used = time.perf_counter(), time.process_time()
found = linprog(-gain, A_ub=matrix, b_ub=p.row_upper, bounds=np.column_stack([p.lower, p.upper]))
objective, more = -found.fun, ()
"""
)
LINOPY = MEASURED.format(
    work="""
import linopy
import pandas as pd
import xarray as xr
n, m, activity = len(data["share"]), len(data["price"]), data["activity"]
model = linopy.Model()
name = pd.RangeIndex(n, name="enterprise")
run = model.add_variables(0, xr.DataArray(12 * data["share"], coords=[name]), name="run")
arc = pd.RangeIndex(len(data["km"]), name="arc")
ship = model.add_variables(0, coords=[arc], name="ship")
first = pd.Index(np.flatnonzero(activity == 0), name="enterprise")
buy = model.add_variables(0, coords=[first], name="buy")
market = pd.RangeIndex(n, n + m, name="market")
sell = model.add_variables(0, xr.DataArray(data["quantity"], coords=[market]), name="sell")
made = xr.DataArray(np.array([100.0, 80.0, 50.0])[activity], coords=[name])
eaten = xr.DataArray(np.array([60.0, 90.0, 70.0])[activity], coords=[name])
source = xr.DataArray(data["source"], coords=[arc], name="enterprise")
target = xr.DataArray(data["target"], coords=[arc], name="enterprise")
sent = (1 * ship).groupby(source).sum()
nothing = {"vars": -1, "coeffs": np.nan, "const": 0.0}
sent = sent.reindex(enterprise=np.arange(n), fill_value=nothing)
got = (1 * ship).groupby(target).sum().reindex(enterprise=np.arange(n + m), fill_value=nothing)
later = np.flatnonzero(activity > 0)
model.add_constraints((eaten * run).sel(enterprise=first) - 1 * buy <= 0, name="raw")
model.add_constraints(sent - made * run <= 0, name="made")
model.add_constraints((eaten * run).sel(enterprise=later) - got.sel(enterprise=later) <= 0, name="used")
at_market = got.sel(enterprise=np.arange(n, n + m)).rename(enterprise="market")
model.add_constraints(1 * sell - at_market <= 0, name="sold")
cost = np.array([100_000.0, 200_000.0, 300_000.0])[activity]
freight = data["km"] * np.array([50.0, 60.0, 80.0])[activity[data["source"]]]
model.add_objective(
    (xr.DataArray(cost, coords=[name]) * run).sum() + (xr.DataArray(data["raw_price"], coords=[first]) * buy).sum()
    + (xr.DataArray(freight, coords=[arc]) * ship).sum() - (xr.DataArray(data["price"], coords=[market]) * sell).sum()
)
model.solve("highs", io_api="direct", solver="ipm", run_crossover="on", threads=1, output_flag=False)
objective, more = -model.objective.value, ()
"""
)


def write_chain(path: Path, enterprises: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    third, markets = enterprises // 3, enterprises // 33
    sizes = (third, third, enterprises - 2 * third)
    where = rng.uniform(0, np.sqrt(enterprises), (enterprises + markets, 2))  # as dense however many there are
    stages = np.split(np.arange(enterprises + markets), np.cumsum(sizes))
    ways = [_nearest(where, *stages[i : i + 2], count) for i, count in enumerate(NEAREST)]
    source, target = (np.concatenate([way[end] for way in ways]) for end in range(2))
    np.savez(
        path,
        activity=np.repeat(np.arange(3), sizes),
        share=rng.uniform(0.3, 1, enterprises),
        source=source,
        target=target,
        km=np.linalg.norm(where[source] - where[target], axis=1),
        raw_price=rng.uniform(4_000, 8_000, third),
        price=rng.uniform(40_000, 70_000, markets),
        quantity=rng.uniform(800, 3_000, markets),  # about half of what the enterprises can make
    )


def _nearest(where: np.ndarray, of: np.ndarray, to: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    near = []
    for block in np.array_split(of, max(1, len(of) // 200)):
        distance = ((where[block, None, :] - where[to][None]) ** 2).sum(axis=2)
        near.append(to[np.argpartition(distance, count, axis=1)[:, :count]])
    return np.repeat(of, count), np.concatenate(near).ravel()


def run(python: str, code: str, path: Path, limit: float) -> list[float] | str:
    """The figures that a fresh process prints, or why there are none."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KAWASAN_", "DJANGO_"))}
    environment |= {"PYTHONPATH": str(ROOT / "src")} if python == sys.executable else {}
    environment |= {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [python, "-c", code, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"not done in {limit:.0f} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1][:100]
    return [float(word) for word in done.stdout.splitlines()[-1].split()]


def about(name: str, python: str, code: str, path: Path, times: int, limit: float) -> list[float] | None:
    """Print the medians of several runs, and return them."""
    results = [run(python, code, path, limit) for _ in range(times)]
    good = [found for found in results if not isinstance(found, str)]
    if not good:
        print(f"  {name:24} {results[0]}")
        return None
    middle = [statistics.median(column) for column in zip(*good, strict=True)]
    clock, processor, memory, objective = middle[:4]
    print(f"  {name:24} {clock:8.2f} s   {processor:8.2f} s of processor   {memory:7.0f} MB   {objective:.8e}")
    return middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--enterprises", type=int, nargs="*", default=[10_000])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--peer", help="Python with linopy and highspy")
    parser.add_argument("--limit", type=float, default=600.0)
    parser.add_argument("--without-scipy", action="store_true")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; medians of {options.times}")
    for enterprises in options.enterprises:
        with tempfile.TemporaryDirectory(prefix="kawasan-benchmark-") as name:
            path = Path(name) / "chain.npz"
            write_chain(path, enterprises, seed=1)
            print(f"{enterprises:,} enterprises")
            ours = about("ours", sys.executable, OURS, path, options.times, options.limit)
            if ours is None:
                raise SystemExit("Our own plan failed.")
            built, rows, columns = ours[4:]
            share = built / ours[1]
            print(f"    {rows:,.0f} rows, {columns:,.0f} columns; built in {built:.3f} s of processor, {share:.1%}")
            peers = [] if options.without_scipy else [("scipy.optimize.linprog", sys.executable, SCIPY)]
            peers += [("linopy, the same method", options.peer, LINOPY)] if options.peer else []
            for title, python, code in peers:
                found = about(title, python, code, path, 1, options.limit)
                if found:
                    clock, processor, memory, objective = (
                        peer / own for peer, own in zip(found, ours[:4], strict=False)
                    )
                    print(f"    {clock:.1f} times ours ({processor:.1f} of processor), {memory:.1f} times the memory,")
                    print(f"    objective apart by {abs(objective - 1):.0e}")


if __name__ == "__main__":
    main()
