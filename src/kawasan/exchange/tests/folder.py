"""A small programme folder that has no fault; each test spoils one thing in it."""

from pathlib import Path

PROGRAMME = """\
[programme]
code = "kecil-2022"
name = "Kecil 2022"
year = 2022
area_code = "19.71"
area_name = "Kota Pangkalpinang"
seats = 2

[[fields]]
code = "kuliner"
name = "Kuliner"
name_en = "Culinary"
least_seats = 0
most_seats = 2

[[rule_sets]]
number = "SYN/1/2022"
issued_on = 2022-01-03
valid_from = 2022-01-10
most_per_household = 1
least_group = 2
most_group = 12
poverty_line_idr = 858840
weight_income = 40
weight_unemployed = 20
weight_dependants = 15
weight_no_worker = 15
weight_disability = 10
source = "synthetic"

[[need_bands]]
code = "A"
name = "Sangat membutuhkan"
name_en = "Greatest need"
least_score = 0
tickets = 1
"""
FILES = {
    "rules.csv": "rule_set,order,field,comparison,value,source\n"
    "SYN/1/2022,1,age,at_least,17,synthetic\n"
    "SYN/1/2022,2,age,at_most,55,synthetic\n"
    "SYN/1/2022,3,place,within,19.71,synthetic\n"
    "SYN/1/2022,4,activity_now,is_none_of,employed civil_servant,synthetic\n"
    "SYN/1/2022,5,activity_now,is_not,student,synthetic\n"
    "SYN/1/2022,6,unreported_assistance,is,false,synthetic\n",
    "organisations.csv": "code,name,kind,source\nORG-1,Dinas,host,synthetic\n",
    "places.csv": "code,name,level,parent,latitude,longitude,source\n"
    "19.71,Pangkalpinang,city,,-2.1,106.1,synthetic\n"
    "19.71.01,Bukit Intan,district,19.71,-2.13,106.13,synthetic\n"
    "19.71.01.1004,Semabung Lama,village,19.71.01,-2.13281,106.12902,synthetic\n",
    "sectors.csv": "sector,name,name_en,year,basis,area,reference,source\n"
    "G,Perdagangan,Trade,2021,grdp_share,24.58,14.74,synthetic\n",
    "resource_kinds.csv": "code,capital,name,name_en,unit\nlahan,natural,Lahan,Land,ha\n",
    "resources.csv": "code,name,name_en,kind,place,quantity,unit,as_of,source\n"
    "RES-1,Lahan,Land,lahan,19.71,5,ha,2022-01-01,synthetic\n",
    "commodities.csv": "code,name,name_en,unit,outside_price_idr,source\nKOM-1,Otak-otak,Fish cake,pcs,,synthetic\n",
    "activities.csv": "code,name,name_en,field,stage,kbli_version,kbli_code,cycle_days,cycles_per_year,labour_days,"
    "running_cost_idr,capital_idr,most_enterprises,source\n"
    "ACT-1,Otak-otak,Fish cake,kuliner,processing,2020,10216,1,300,1,50000,2000000,9,synthetic\n",
    "activity_flows.csv": "activity,commodity,direction,quantity,source\nACT-1,KOM-1,output,100,synthetic\n",
    "demands.csv": "code,offtaker,commodity,quantity_per_month,price_idr,firmness,valid_from,valid_to,source\n"
    "DEM-1,ORG-1,KOM-1,5000,1500,letter,2022-01-01,2022-12-31,synthetic\n",
    "persons.csv": "code,nik,name,sex,birth_date,family_card,phone,address,place,education,source\n"
    "P001,1971014107990000,Sari,female,1999-07-01,1971010101100000,081200000001,Jalan Contoh 1,19.71.01.1004,senior,"
    "synthetic\n"
    "P002,1971010107990000,Budi,male,1999-07-01,1971010101100001,081200000002,Jalan Contoh 2,19.71.01.1004,senior,"
    "synthetic\n",
    "applicants.csv": "code,person,field,idea,applied_on,activity_now,months_without_work,household_size,"
    "household_income_idr,dependants,household_workers,source\n"
    "A001,P001,kuliner,Otak-otak,2022-09-01,unemployed,12,4,1500000,2,0,synthetic\n"
    "A002,P002,kuliner,Otak-otak,2022-09-01,unemployed,6,3,2500000,1,1,synthetic\n",
    "mentors.csv": "code,name,sex,organisation,fields,place,most_groups,most_people,source\n"
    "M1,Citra,female,ORG-1,kuliner,19.71.01,3,40,synthetic\n",
    "rooms.csv": "code,name,place,capacity,source\nR-1,Aula,19.71.01,30,synthetic\n",
    "modules.csv": "code,name,name_en,hours,position,source\nMOD-1,Pembekalan,Briefing,4,1,synthetic\n",
}


def write_folder(folder: Path, **changed: str | bytes | None) -> Path:
    """Write the folder; ``places=...`` replaces places.csv, None leaves the file out."""
    files: dict[str, str | bytes | None] = {"programme.toml": PROGRAMME, **FILES}
    for name, content in changed.items():
        files["programme.toml" if name == "programme" else f"{name}.csv"] = content
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
