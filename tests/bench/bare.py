"""The bare framework: one page with a template, one empty POST. What everything is measured by."""

from flask import Flask, render_template_string

app = Flask(__name__)
PAGE = "<!DOCTYPE html><html lang=en><title>Bare</title><h1>{{ words }}</h1>"


@app.get("/")
def show_page() -> str:
    return render_template_string(PAGE, words="A bare page")


@app.post("/")
def create_nothing() -> tuple[str, int]:
    return "", 204
