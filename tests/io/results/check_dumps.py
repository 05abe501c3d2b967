"""check_dumps.py ncdump|h5dump PROGRAM DIRECTORY: the sample files through command-line readers."""

import re
import subprocess
import sys

kind, program, directory = sys.argv[1:]


def dump(*arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (arguments, done.returncode, done.stderr)
    assert not done.stderr, done.stderr
    return done.stdout


def expect(text, *patterns):
    for pattern in patterns:
        assert re.search(pattern, text), f"{pattern} is not in:\n{text[:3000]}"


results, individuals = f"{directory}/results.nc", f"{directory}/individuals.h5"
if kind == "ncdump":
    assert dump("-k", results).strip() == "netCDF-4"
    header = dump("-h", results)
    expect(header, r"arm = 2 ;", r"stratum = 3 ;", r"tsst_sample = 4 ;",
           r"double series_cortisol_mean\(arm, stratum, day\) ;",
           r"int64 assessed_ghq12_histogram\(arm, stratum, bin\) ;",
           r"double probe_tsst_acth_quantile\(arm, stratum, tsst_sample, quantile\) ;",
           r'series_cortisol_mean:units = "1" ;', r"series_cortisol_mean:_FillValue = NaN ;",
           r':Conventions = "CF-1.11" ;', r":complete = 1 ;")
    assert "UNLIMITED" not in header and "string " not in header
    expect(dump("-v", "day,tsst_sample", results), r"day = 0, 3, 6, 9 ;",
           r"tsst_sample = -30, 0, 10, 45 ;")
    expect(dump("-v", "series_prediction_error_count", results),
           r"series_prediction_error_count =\s+300, 450, 450, 150,")
    header = dump("-h", individuals)
    expect(header, r"individual = 200 ;", r"uint64 individual\(individual\) ;",
           r"short ghq12\(arm, individual, assessment\) ;", r"float age\(individual\) ;",
           r'individual:units = "1" ;')
    expect(dump("-v", "reported", individuals), r"reported = _, 22.25, 25.25, 28.25, 31.25, _,")
else:
    header = dump("-H", results)
    expect(header, r"SUPER_BLOCK|HDF5", r'DATASET "series_cortisol_mean"', r"H5T_IEEE_F64LE",
           r"SIMPLE \{ \( 2, 3, 4 \) / \( 2, 3, 4 \) \}")
    text = dump("-d", "/group", individuals)
    expect(text, r"H5T_STD_I32LE", r"\(0\): -1, ", r'ATTRIBUTE "DIMENSION_LIST"')
    expect(dump("-a", "/individual/CLASS", individuals), r'"DIMENSION_SCALE"')
    expect(dump("-a", "/arm/REFERENCE_LIST", individuals), r"/ghq12")
    expect(dump("-B", "-H", individuals), r"SUPERBLOCK_VERSION 2", r"USERBLOCK_SIZE 0")
    expect(dump("-p", "-d", "/ghq12", "-s", "0,0,0", "-c", "1,3,2", individuals),
           r"CONTIGUOUS", r"\(0,0,0\): 20, 21,", r"\(0,1,0\): 23, 24,")
