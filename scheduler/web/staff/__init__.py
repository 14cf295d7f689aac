"""What everybody who works here may use, whatever their role."""

from scheduler.web.staff import asks
from scheduler.web.staff.blueprint import blueprint

__all__ = ["asks", "blueprint"]
