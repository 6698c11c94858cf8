"""The oracle: a JSON object a line on stdin, its answer a line on stdout.

    {"problem": "functions/branin"}
    -> {"space": {"x": ...}}             what may be tried
    {"problem": "functions/branin", "seed": 1, "values": {"x": 0.5, "y": 3.0}}
    -> {"loss": 24.1, "true": 24.1}      what an optimiser may see, and what it is judged by
    -> {"failed": "diverged"}            the training failed: no loss
    -> {"error": "x = 11 is outside [-5, 10]"}   the arm has proposed what it must not
"""
import json
import sys

from .catalogue import Failed, load_problem


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def answer(request):
    problem = load_problem(request["problem"])
    if "values" not in request:
        return {"space": problem.space}
    try:
        loss, true = problem.evaluate(request["values"], request["seed"])
    except Failed as failure:
        return {"failed": str(failure)}
    except ValueError as error:
        return {"error": str(error)}
    return {"loss": loss, "true": true}


main()
