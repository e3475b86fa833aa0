"""Work on several machines: a Dask cluster, where SCORING_CLUSTER names one (extra `cluster`).

`connection` is the way in, `processes` what runs on its machines, `spread` what is sent there.
"""
