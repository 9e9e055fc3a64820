"""Stories of whole weeks that know no platform; each is played on every platform that offers a stage."""
