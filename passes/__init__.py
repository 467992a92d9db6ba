"""A pure library: a Card and a Design go in, a signed pass or its picture in HTML comes out."""
