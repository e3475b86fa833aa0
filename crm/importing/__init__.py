"""Files of leads, read and loaded: CSV (packed or not), Parquet and Excel."""
