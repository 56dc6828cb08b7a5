"""Sweet Home 3D's furniture: catalogues and OBJ models as a table of names and sizes, and small meshes."""

from unio.data.packages.sweet_home.package import SWEET_HOME, lay_out_sweet_home

__all__ = ["SWEET_HOME", "lay_out_sweet_home"]
