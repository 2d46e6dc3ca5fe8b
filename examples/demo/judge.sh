#!/bin/bash
# A judge for `dil-ort eval versus`: which of two worked answers has the right result? 0 = a, 1 = b, 2 = neither.
# Standard input: {"prompt": "17+18=", "a": "... answer 35", "b": "... answer 25"}
IFS= read -r comparison
[[ $comparison =~ \"prompt\":\"([0-9+-]+)=\" ]] || { echo "no problem in: $comparison"; exit 3; }
right=$((BASH_REMATCH[1]))
[[ $comparison =~ \"a\":\"[^\"]*answer\ (-?[0-9]+) ]] && a=${BASH_REMATCH[1]}
[[ $comparison =~ \"b\":\"[^\"]*answer\ (-?[0-9]+) ]] && b=${BASH_REMATCH[1]}
[[ $a == "$right" && $b != "$right" ]] && exit 0
[[ $b == "$right" && $a != "$right" ]] && exit 1
exit 2
