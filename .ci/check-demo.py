"""Checks one replay's JSON: the shape that others build on, and that exactly the copies that leaked are named."""
import json
import sys

report = json.load(open(sys.argv[1]))
problems = [f"missing {key}" for key in ("partners", "copies", "log", "leaks", "waves", "dossier") if key not in report]
for leak in report.get("leaks", []):
    if sorted(leak["expected"]) != sorted(leak["accused"]):
        problems.append(f"leak {leak['name']}: expected {leak['expected']}, accused {leak['accused']}")
if len(report.get("leaks", [])) < 5:
    problems.append("fewer than five samples")
if report.get("partners", 0) != 81:
    problems.append("not 81 partners")
if report.get("descriptionOnly") != 10:
    problems.append(f"{report.get('descriptionOnly')} recipients get the description at release only, not the 10 under mandatory state reporting")
if report.get("dossier", {}).get("verified") is not True:
    problems.append("the dossier does not verify")
for problem in problems:
    print(f"{sys.argv[1]}: {problem}")
named = "; ".join(f"{leak['name']}: {', '.join(leak['accused']) or 'nobody'}" for leak in report.get("leaks", []))
print(f"seed {report.get('seed')}: {named}")
sys.exit(1 if problems else 0)
