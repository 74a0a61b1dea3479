#include "emit/seed_loader.h"

namespace ddbplan::emit {
namespace {

constexpr std::string_view kBeforeTables = R"SH(#!/bin/sh
# Loads the seed beside this script into DynamoDB tables that exist already. Made by ddbplan.
set -eu

usage() {
  cat <<'END'
usage: load --endpoint URL [--yes] [--table-prefix PREFIX]

Puts the seed's items into their tables with `aws dynamodb batch-write-item`, 25 at a time.
Items with the same key are replaced; the tables must exist.

  --endpoint URL          where to send them; there is no default
  --yes                   needed unless the endpoint is on this machine
  --table-prefix PREFIX   put before each table's name

Region and credentials are the AWS CLI's own; on this machine stand-ins are used where none are set.
END
}

fail() {
  printf 'load: %s\n' "$1" >&2
  exit "${2:-1}"
}

endpoint=
yes=
prefix=
while [ $# -gt 0 ]; do
  case $1 in
    --endpoint) [ $# -ge 2 ] || fail "--endpoint needs a URL" 2; endpoint=$2; shift 2 ;;
    --endpoint=*) endpoint=${1#--endpoint=}; shift ;;
    --table-prefix) [ $# -ge 2 ] || fail "--table-prefix needs a prefix" 2; prefix=$2; shift 2 ;;
    --table-prefix=*) prefix=${1#--table-prefix=}; shift ;;
    --yes) yes=1; shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
done
[ -n "$endpoint" ] || { usage >&2; exit 2; }
case $prefix in *[!a-zA-Z0-9_.-]*) fail "a table's name has only a-z A-Z 0-9 _ . -" 2 ;; esac
case $endpoint in
  http://* | https://*) ;;
  *) fail "the endpoint must begin with http:// or https://" 2 ;;
esac

# The host is what stands between the scheme and the next slash, less the port. An address with any
# character that no plain one has (a user name's @, a backslash) is taken for somewhere else.
host=${endpoint#*://}
host=${host%%/*}
case $host in
  \[*\] | \[*\]:*) host=${host%%\]*}] ;;
  *) host=${host%%:*} ;;
esac
case $endpoint in *[!]a-zA-Z0-9.:/_[-]*) host= ;; esac
here_only=
case $host in
  localhost | '[::1]') here_only=1 ;;
  127.*) case $host in *[!0-9.]*) ;; *) here_only=1 ;; esac ;;
esac
if [ -z "$here_only" ] && [ -z "$yes" ]; then
  fail "$endpoint is not on this machine; add --yes to write there" 2
fi
command -v aws >/dev/null 2>&1 || fail "the AWS CLI (aws) is not installed" 2

if [ -n "$here_only" ]; then
  : "${AWS_ACCESS_KEY_ID:=local}" "${AWS_SECRET_ACCESS_KEY:=local}"
  : "${AWS_DEFAULT_REGION:=us-east-1}"
  # A proxy of the environment must not be sent what is meant for this machine.
  NO_PROXY='*' no_proxy='*'
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION NO_PROXY no_proxy
fi
AWS_PAGER=
export AWS_PAGER

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/ddbplan-load.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Sends one batch, then what DynamoDB left of it, with growing pauses.
send() {
  batch=$1
  pause=1
  while :; do
    aws dynamodb batch-write-item --endpoint-url "$endpoint" --request-items "file://$batch" \
      --output json --query UnprocessedItems >"$work/left" || fail "aws failed on $table"
    left=$(tr -d ' \t\r\n' <"$work/left")
    case $left in '{}' | null | '') return 0 ;; esac
    [ "$pause" -le 64 ] || fail "$table is throttled: items are still refused after 7 retries"
    mv "$work/left" "$batch"
    sleep "$pause"
    pause=$((pause * 2))
  done
}

# An item has at most 400 KB, so 25 of them stay below the 16 MB of a request; their JSON may be
# longer than they are, so its bytes are counted too.
load_table() {
  table=$prefix$1
  file=$here/$2
  [ -r "$file" ] || fail "cannot read $file"
  # aws-cli 1 would encode binary values, which are base64 here, once more.
  if grep -q -E '"(B|BS)": *["[]' "$file"; then
    case $(aws --version 2>&1) in
      aws-cli/1.*) fail "$2 holds binary attributes, which need version 2 of the AWS CLI" ;;
    esac
  fi
  rm -f "$work"/batch.*
  TABLE=$table WORK=$work LC_ALL=C awk '
    function finish() {
      if (count == 0) return
      print "]}" > name
      close(name)
      count = 0
    }
    {
      if (count == 25 || (count > 0 && bytes + length($0) > 8000000)) finish()
      if (count == 0) {
        name = ENVIRON["WORK"] "/batch." sprintf("%06d", ++batches)
        printf "{\"%s\":[", ENVIRON["TABLE"] > name
        bytes = 0
      }
      comma = count == 0 ? "" : ","
      print comma "{\"PutRequest\":" $0 "}" > name
      count++
      bytes += length($0)
    }
    END { finish() }' "$file"
  for batch in "$work"/batch.*; do
    [ -e "$batch" ] || continue
    send "$batch"
  done
  printf '%s: %s items\n' "$table" "$(awk 'END { print NR }' "$file")"
}

)SH";

bool is_safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-' || c == '/';
}

}  // namespace

std::string shell_word(std::string_view text) {
  bool safe = !text.empty() && text.front() != '-';
  for (const char c : text) safe = safe && is_safe(c);
  if (safe) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string seed_loader(const std::vector<LoadedTable>& tables) {
  std::string out(kBeforeTables);
  for (const LoadedTable& table : tables) {
    out += "load_table " + shell_word(table.table) + " " + shell_word(table.file) + "\n";
  }
  return out;
}

}  // namespace ddbplan::emit
