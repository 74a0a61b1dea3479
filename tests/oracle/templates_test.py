"""Every example's CloudFormation template, in YAML and JSON, as one table and as a table for each
entity with attributes as keys: accepted by cfn-lint, its tables by botocore's model of CreateTable,
and by the rules that neither of them knows.

usage: templates_test.py DDBPLAN
"""

import itertools
import json
import pathlib
import shutil
import subprocess
import tempfile

import judge

try:
    import botocore.session
    import botocore.validate
    import yaml
except ImportError as absent:
    judge.missing(absent.name)
if shutil.which("cfn-lint") is None:
    judge.missing("cfn-lint")

CREATE_TABLE = ("AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput",
                "LocalSecondaryIndexes", "GlobalSecondaryIndexes", "StreamSpecification",
                "SSESpecification", "Tags", "TableClass", "DeletionProtectionEnabled",
                "WarmThroughput")


VARIANTS = {"": (), "-apart": ("--set", "settings.layout=table-per-entity",
                              "--set", "settings.key_style=natural")}


def tables_of(template):
    return {name: resource["Properties"] for name, resource in template["Resources"].items()
            if resource["Type"].startswith("AWS::DynamoDB::")}


def create_table_request(properties):
    """What CreateTable would be sent; what differs between the two is translated."""
    request = {name: properties[name] for name in CREATE_TABLE if name in properties}
    request["TableName"] = "a-table"
    if "StreamSpecification" in request:
        request["StreamSpecification"] = {"StreamEnabled": True, **request["StreamSpecification"]}
    if "SSESpecification" in request:
        sse = dict(request["SSESpecification"])
        sse["Enabled"] = sse.pop("SSEEnabled")
        request["SSESpecification"] = sse
    return request


def without_settings(properties):
    """A GlobalTable's scaling settings, which CreateTable does not have."""
    properties = dict(properties)
    indexes = [{name: value for name, value in index.items() if not name.endswith("Settings")}
               for index in properties.get("GlobalSecondaryIndexes", [])]
    if indexes:
        properties["GlobalSecondaryIndexes"] = indexes
    return properties


def check_indexes(judgement, name, properties):
    indexes = properties.get("GlobalSecondaryIndexes", []) + properties.get("LocalSecondaryIndexes", [])
    keys = {element["AttributeName"] for schema in [properties["KeySchema"]] +
            [index["KeySchema"] for index in indexes] for element in schema}
    defined = [attribute["AttributeName"] for attribute in properties["AttributeDefinitions"]]
    judgement.check(sorted(defined) == sorted(keys), f"{name}: defines exactly the key attributes")
    judgement.check(len(properties.get("GlobalSecondaryIndexes", [])) <= 20, f"{name}: 20 GSIs")
    judgement.check(len(properties.get("LocalSecondaryIndexes", [])) <= 5, f"{name}: 5 LSIs")
    names = [index["IndexName"] for index in indexes]
    judgement.check(len(set(names)) == len(names), f"{name}: index names differ")
    projected = 0
    for index in indexes:
        projection = index["Projection"]
        others = projection.get("NonKeyAttributes", [])
        projected += len(others)
        judgement.check((projection["ProjectionType"] == "INCLUDE") == bool(others),
                        f"{name}.{index['IndexName']}: names with INCLUDE and only then")
        judgement.check(len(others) <= 20 and len(set(others)) == len(others),
                        f"{name}.{index['IndexName']}: at most 20 distinct names")
        types = [element["KeyType"] for element in index["KeySchema"]]
        judgement.check(types == sorted(types) and types.count("HASH") <= 4 and
                        types.count("RANGE") <= 4, f"{name}.{index['IndexName']}: HASH, then RANGE")
        if properties["BillingMode"] == "PROVISIONED" and index in properties.get(
                "GlobalSecondaryIndexes", []):
            judgement.check("ProvisionedThroughput" in index or
                            "WriteProvisionedThroughputSettings" in index,
                            f"{name}.{index['IndexName']}: has throughput")
    judgement.check(projected <= 100, f"{name}: at most 100 projected names")


def check_scaling(judgement, template):
    tables = tables_of(template)
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::ApplicationAutoScaling::ScalableTarget":
            continue
        properties = resource["Properties"]
        parts = properties["ResourceId"]["Fn::Join"][1]
        table = tables.get(parts[1]["Ref"])
        judgement.check(table is not None and table["BillingMode"] == "PROVISIONED",
                        f"{name}: scales a provisioned table of the template")
        kind = "dynamodb:index:" if len(parts) == 4 else "dynamodb:table:"
        judgement.check(properties["ScalableDimension"].startswith(kind), f"{name}: dimension")
        judgement.check(properties["MinCapacity"] <= properties["MaxCapacity"], f"{name}: min, max")
        if len(parts) == 4 and table is not None:
            judgement.check(parts[3] in [index["IndexName"] for index in
                                         table.get("GlobalSecondaryIndexes", [])],
                            f"{name}: the index is there")


def main():
    judgement = judge.Judgement()
    model = botocore.session.get_session().get_service_model("dynamodb")
    shape = model.operation_model("CreateTable").input_shape
    validator = botocore.validate.ParamValidator()
    with tempfile.TemporaryDirectory() as folder:
        written = []
        for example, (variant, settings) in itertools.product(judge.examples(), VARIANTS.items()):
            texts = {kind: judge.run("emit", kind, example, *settings)
                     for kind in ("cloudformation", "cloudformation-json")}
            if None in texts.values():
                print(f"{example.name}{variant}: no design")
                continue
            for kind, text in texts.items():
                suffix = "json" if kind.endswith("json") else "yaml"
                written.append(pathlib.Path(folder) / f"{example.stem}{variant}.{suffix}")
                written[-1].write_text(text)
            template = json.loads(texts["cloudformation-json"])
            for resource in template["Resources"].values():
                resource.pop("Metadata", None)
            judgement.check(yaml.safe_load(texts["cloudformation"]) == template,
                            f"{example.name}{variant}: YAML and JSON say the same")
            for name, properties in tables_of(template).items():
                request = create_table_request(without_settings(properties))
                report = validator.validate(request, shape)
                judgement.check(not report.has_errors(),
                                f"{example.name}{variant}: {name}: {report.generate_report()}")
                check_indexes(judgement, f"{example.name}{variant}: {name}", properties)
            check_scaling(judgement, template)
        lint = subprocess.run(["cfn-lint", *written], capture_output=True, text=True)
        judgement.check(lint.returncode == 0, f"cfn-lint:\n{lint.stdout}{lint.stderr}")
    judgement.end()


main()
