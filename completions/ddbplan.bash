# bash completion for ddbplan; made by ddbplan_documents from the program's own options; edit those.

_ddbplan_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

_ddbplan_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}

_ddbplan() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' argument=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -?*) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else argument=$((argument + 1)); fi ;;
    esac
  done
  COMPREPLY=()
  case $command:$previous in
    :--color) _ddbplan_words 'auto always never'; return ;;
    init:--color) _ddbplan_words 'auto always never'; return ;;
    design:--set) :; return ;;
    design:-o | design:--output) _ddbplan_files -d; return ;;
    design:--format) _ddbplan_words 'text json'; return ;;
    design:--effort) :; return ;;
    design:--alternatives) :; return ;;
    design:--lp) :; return ;;
    design:--max-usd) :; return ;;
    design:--fail-on) _ddbplan_words 'error warning info never'; return ;;
    design:--color) _ddbplan_words 'auto always never'; return ;;
    why:--set) :; return ;;
    why:--effort) :; return ;;
    why:--color) _ddbplan_words 'auto always never'; return ;;
    lint:--format) _ddbplan_words 'text json sarif'; return ;;
    lint:--set) :; return ;;
    lint:--fail-on) _ddbplan_words 'error warning info never'; return ;;
    lint:--color) _ddbplan_words 'auto always never'; return ;;
    explain:--format) _ddbplan_words 'text markdown json'; return ;;
    explain:--color) _ddbplan_words 'auto always never'; return ;;
    emit:--set) :; return ;;
    emit:-o | emit:--output) _ddbplan_files -d; return ;;
    emit:--effort) :; return ;;
    emit:--fail-on) _ddbplan_words 'error warning info never'; return ;;
    emit:--color) _ddbplan_words 'auto always never'; return ;;
    validate:--set) :; return ;;
    validate:--format) _ddbplan_words 'text json'; return ;;
    validate:--endpoint) :; return ;;
    validate:--allow-endpoint) :; return ;;
    validate:--region) :; return ;;
    validate:--clean-up) :; return ;;
    validate:--effort) :; return ;;
    validate:--fail-on) _ddbplan_words 'error warning info never'; return ;;
    validate:--color) _ddbplan_words 'auto always never'; return ;;
    query:--set) :; return ;;
    query:--limit) :; return ;;
    query:--format) _ddbplan_words 'text json'; return ;;
    query:--effort) :; return ;;
    query:--color) _ddbplan_words 'auto always never'; return ;;
    serve:--set) :; return ;;
    serve:--host) :; return ;;
    serve:--port) :; return ;;
    serve:--data) _ddbplan_files -d; return ;;
    serve:--cors) :; return ;;
    serve:--allow-host) :; return ;;
    serve:--credentials) :; return ;;
    serve:--max-connections) :; return ;;
    serve:--threads) :; return ;;
    serve:--effort) :; return ;;
    serve:--color) _ddbplan_words 'auto always never'; return ;;
    schema:--color) _ddbplan_words 'auto always never'; return ;;
  esac
  if [[ $word == -* ]]; then
    case $command in
      '') _ddbplan_words '-h --help --version -q --quiet -v --verbose --color' ;;
      init) _ddbplan_words '--list --print -h --help -q --quiet -v --verbose --color' ;;
      design) _ddbplan_words '--set -o --output --format --effort --alternatives --frontier --lp --max-usd --fail-on --keep-going -h --help -q --quiet -v --verbose --color' ;;
      why) _ddbplan_words '--set --effort -h --help -q --quiet -v --verbose --color' ;;
      lint) _ddbplan_words '--format --set --fail-on -h --help -q --quiet -v --verbose --color' ;;
      explain) _ddbplan_words '--all --format -h --help -q --quiet -v --verbose --color' ;;
      emit) _ddbplan_words '--set -o --output --effort --fail-on --keep-going -h --help -q --quiet -v --verbose --color' ;;
      validate) _ddbplan_words '--set --format --thorough --endpoint --yes --allow-endpoint --region --clean-up --effort --fail-on -h --help -q --quiet -v --verbose --color' ;;
      query) _ddbplan_words '--set --limit --explain --format --effort -h --help -q --quiet -v --verbose --color' ;;
      serve) _ddbplan_words '--set --empty --host --port --data --cors --allow-host --namespaced --credentials --max-connections --threads --effort -h --help -q --quiet -v --verbose --color' ;;
      schema) _ddbplan_words '-h --help -q --quiet -v --verbose --color' ;;
    esac
    return
  fi
  case $command in
    '') _ddbplan_words 'init design why lint explain emit validate query serve schema' ;;
    init)
      case $argument in
        0) _ddbplan_words "$(ddbplan init --list 2>/dev/null | cut -d' ' -f1)" ;;
      esac ;;
    design)
      case $argument in
        0) _ddbplan_files -f ;;
      esac ;;
    why)
      case $argument in
        0) _ddbplan_files -f ;;
      esac ;;
    lint)
      case $argument in
        *) _ddbplan_files -f ;;
      esac ;;
    explain)
      case $argument in
        0) _ddbplan_words "$(ddbplan explain --all 2>/dev/null | grep -o '^DDB[0-9][0-9]*')" ;;
      esac ;;
    emit)
      case $argument in
        0) _ddbplan_words 'cloudformation cloudformation-json json markdown mermaid seed requests exchanges' ;;
        1) _ddbplan_files -f ;;
      esac ;;
    validate)
      case $argument in
        0) _ddbplan_files -f ;;
      esac ;;
    query)
      case $argument in
        0) _ddbplan_files -f ;;
      esac ;;
    serve)
      case $argument in
        0) _ddbplan_files -f ;;
      esac ;;
  esac
}

complete -F _ddbplan ddbplan
