"""The chores of the worker: what is done again and again, and how often."""

from datetime import timedelta

from services import throttle
from services.chores import Duty

DUTIES = {
    "sweep throttles": Duty(timedelta(hours=1), throttle.sweep),
}
