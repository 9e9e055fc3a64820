"""The database: tables, sessions, and one module of queries per capability. The only importer of SQLAlchemy."""
