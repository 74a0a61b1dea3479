#compdef ddbplan
# zsh completion for ddbplan; made by ddbplan_documents from the program's own options; edit those.

_ddbplan() {
  local -a commands
  local curcontext=$curcontext state line
  commands=(
    'init:start a schema'
    'design:derive, prove and price a design'
    'why:tell why it is planned so, and what else could be done'
    'lint:check schemas against rules with codes'
    'explain:tell what a rule is about'
    'emit:print the design in the form of another tool'
    'validate:prove every access pattern'
    'query:run one access pattern against the seed'
    'serve:run a local DynamoDB'
    'schema:print the JSON Schema of the language'
  )
  _arguments -s -C \
    '(-h --help)'{-h,--help}'[Print this help]' \
    '--version[Print the version]' \
    '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
    '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
    '--color[Colour]:WHEN:(auto always never)' \
    '1:command:->command' \
    '*::argument:->argument' && return
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  case $line[1] in
    init)
      _arguments -s \
        '--list[List the examples]' \
        '--print[Print the schema instead of writing a file]' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        '::NAME:{compadd -- $(ddbplan init --list 2>/dev/null | cut -d'\'' '\'' -f1)}'
      ;;
    design)
      _arguments -s \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '(-o --output)'{-o,--output}'[Write the artefacts to this folder]:DIR:_files -/' \
        '*--format[Print in this form (text by default), to standard output or to FILE]:NAME\[=FILE\]:(text json)' \
        '--effort[How long the search may go on, in nodes]:N: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '--alternatives[List the next best designs too, and what they decide otherwise]:N: ' \
        '--frontier[List the cheapest design with at most 0, 1, 2, ]' \
        '--lp[Write the problem as a linear program in LP format, for a solver to check]:FILE:_files' \
        '--max-usd[A budget]:USD: ' \
        '--fail-on[The least severity that makes the exit status 1 (default error)]:SEVERITY:(error warning info never)' \
        '--keep-going[Write files also when there are findings]' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        ':FILE:_files'
      ;;
    why)
      _arguments -s \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '--effort[How long the search may go on, in nodes]:N: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        ':FILE:_files' \
        '::SUBJECT: '
      ;;
    lint)
      _arguments -s \
        '*--format[Print in this form (text by default), to standard output or to FILE]:NAME\[=FILE\]:(text json sarif)' \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '--fail-on[The least severity that makes the exit status 1 (default error)]:SEVERITY:(error warning info never)' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        '*:FILE:_files'
      ;;
    explain)
      _arguments -s \
        '--all[All rules, in the order of their codes]' \
        '*--format[Print in this form (text by default), to standard output or to FILE]:NAME\[=FILE\]:(text markdown json)' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        '::CODE:{compadd -- $(ddbplan explain --all 2>/dev/null | grep -o '\''^DDB[0-9][0-9]*'\'')}'
      ;;
    emit)
      _arguments -s \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '(-o --output)'{-o,--output}'[Write to this folder]:DIR:_files -/' \
        '--effort[How long the search may go on, in nodes]:N: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '--fail-on[The least severity that makes the exit status 1 (default error)]:SEVERITY:(error warning info never)' \
        '--keep-going[Print also when there are findings]' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        ':FORMAT:(cloudformation cloudformation-json json markdown mermaid seed requests exchanges)' \
        ':FILE:_files'
      ;;
    validate)
      _arguments -s \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '*--format[Print in this form (text by default), to standard output or to FILE]:NAME\[=FILE\]:(text json)' \
        '--thorough[Pages of 1 MB, as DynamoDB has, instead of 16 KB]' \
        '--endpoint[Prove it on this DynamoDB too]:URL: ' \
        '--yes[Make tables on an endpoint that is not this machine]' \
        '*--allow-endpoint[Send credentials to this host although it is none of AWS]:HOST: ' \
        '--region[Sign for this region]:REGION: ' \
        '--clean-up[Delete the tables that a run which was killed has left]:LIST: ' \
        '--effort[How long the search may go on, in nodes]:N: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '--fail-on[The least severity that makes the exit status 1 (default error)]:SEVERITY:(error warning info never)' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        '::FILE:_files'
      ;;
    query)
      _arguments -s \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '--limit[Read so many items instead of the pattern'\''s limit]:N: ' \
        '--explain[Show each request, what it read and its units]' \
        '*--format[Print in this form (text by default), to standard output or to FILE]:NAME\[=FILE\]:(text json)' \
        '--effort[How long the search may go on, in nodes]:N: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        ':FILE:_files' \
        ':PATTERN: ' \
        '*:VALUE: '
      ;;
    serve)
      _arguments -s \
        '*--set[Change a value of the schema for this run, as in access_patterns]:PATH=VALUE: ' \
        '--empty[Make the tables of FILE without the seed]' \
        '--host[The address to listen on]:ADDRESS: ' \
        '--port[The port]:N: ' \
        '--data[Keep tables, items and streams in this folder]:DIR:_files -/' \
        '--cors[Let pages of this origin read answers, as in http]:ORIGIN: ' \
        '*--allow-host[Answer requests that call the server by this name too]:NAME: ' \
        '--namespaced[Give each access key and region tables of its own]' \
        '--credentials[Verify signatures with the keys in this file, which has the form of ~/]:CREDENTIALS: ' \
        '--max-connections[Close connections beyond so many at once]:N: ' \
        '--threads[Share connections among so many threads]:N: ' \
        '--effort[How long the search may go on, in nodes]:N: ' \
        '--keep[Plan around an existing design, a design]:DESIGN: ' \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)' \
        '::FILE:_files'
      ;;
    schema)
      _arguments -s \
        '(-h --help)'{-h,--help}'[Print this help]' \
        '(-q --quiet)'{-q,--quiet}'[Print results and errors, no notes]' \
        '(-v --verbose)'{-v,--verbose}'[Print what was done and how long it took, on standard error]' \
        '--color[Colour]:WHEN:(auto always never)'
      ;;
  esac
}

_ddbplan "$@"
