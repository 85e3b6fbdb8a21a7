#!/bin/sh
# Makes the two fonts beside this script from the whole ones: letters of the Latin (Vietnamese among
# them), Greek and Cyrillic scripts, marks, and what stands between words; without hinting, which paper
# has no use for.
#
#   pip install fonttools==4.68.0 && ./subset.sh FOLDER-WITH-NotoSans-Regular.ttf-AND-Bold.ttf
#
# The committed files come from Noto Sans 2.004 (Debian's package fonts-noto-core, 20201225).
set -eu
here=$(dirname "$0")
for weight in Regular Bold; do
    pyftsubset "$1/NotoSans-$weight.ttf" --output-file="$here/NotoSans-$weight.ttf" \
        --unicodes=0020-007E,00A0-024F,0259,02B0-02FF,0300-0345,0370-03FF,0400-045F,0490-0491,1E00-1EFF,2010-2015,2018-201E,2020-2022,2026,2030,2032-2033,2039-203A,2044,20AB-20AC,2116,2122,2212,FFFD \
        --layout-features=ccmp,locl,kern,mark,mkmk --no-hinting --desubroutinize \
        --name-IDs=0,1,2,3,4,5,6,13,14 --notdef-outline --drop-tables+=DSIG
done
