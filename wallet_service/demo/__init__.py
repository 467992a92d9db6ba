"""The demo: a florist with members and a year of visits, all of it invented."""
