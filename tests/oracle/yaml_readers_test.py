"""Every YAML file that people write for ddbplan or that it writes means the same to all readers.

usage: yaml_readers_test.py DDBPLAN NODE_MODULES
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import judge

try:
    import yaml
except ImportError:
    judge.missing("PyYAML")


def by_npm(version, files):
    environment = {**os.environ, "NODE_PATH": sys.argv[2]}
    script = pathlib.Path(__file__).with_name("yaml_to_json.cjs")
    try:
        done = subprocess.run(["node", script, version, *files], capture_output=True, text=True,
                              env=environment)
    except FileNotFoundError:
        judge.missing("node")
    if done.returncode != 0:
        if "Cannot find module 'yaml'" in done.stderr:
            judge.missing("npm's yaml")
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def plain(value):
    """As JSON: dates and times, which PyYAML makes of some scalars, as text with their type."""
    return json.loads(json.dumps(value, default=lambda other: f"{type(other).__name__}: {other}"))


def main():
    judgement = judge.Judgement()
    with tempfile.TemporaryDirectory() as folder:
        files = list(judge.examples())
        for example in judge.examples():
            template = judge.run("emit", "cloudformation", example)
            if template is None:
                continue
            file = pathlib.Path(folder) / f"{example.stem}-template.yaml"
            file.write_text(template)
            files.append(file)
        readings = {version: by_npm(version, files) for version in ("1.1", "1.2")}
        for number, file in enumerate(files):
            try:
                expected = {"value": plain(yaml.safe_load(file.read_text()))}
            except yaml.YAMLError as error:
                expected = {"problems": [str(error)]}
            judgement.check("value" in expected, f"{file.name}: PyYAML: {expected}")
            for version, documents in readings.items():
                judgement.check(documents[number] == expected,
                                f"{file.name}: npm's yaml ({version}) reads something else")
    judgement.end()


main()
