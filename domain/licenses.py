"""The professions and jurisdictions a license may name."""

PROFESSIONS = (
    "Psychologist",
    "Social worker",
    "Professional counselor",
    "Marriage and family therapist",
    "Addiction counselor",
    "School psychologist",
    "School counselor",
    "Psychiatric nurse",
    "Physician",
    "Other behavioral health professional",
)
JURISDICTIONS = tuple(
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|"
    "District of Columbia|Florida|Georgia|Guam|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|"
    "Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|"
    "Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|"
    "North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Puerto Rico|Rhode Island|South Carolina|"
    "South Dakota|Tennessee|Texas|Utah|Vermont|Virgin Islands|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming|Outside the United States".split("|")
)
