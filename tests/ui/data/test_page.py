"""The Data page by AppTest: what is shown of a table, and what its choices do."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mlpdash.data import uploads
from mlpdash.specs import DataSpec
from mlpdash.specs.preparation import Preparation
from mlpdash.ui.choices import state
from mlpdash.ui.choices.choices import starting_choices
from mlpdash.ui.data import columns, sidebar
from mlpdash.ui.data import page as data_page
from mlpdash.ui.data.preparation import of_split
from mlpdash.ui.shared import cached

PAGE = "mlpdash/ui/pages/data.py"
random = np.random.default_rng(0)
FLATS = pd.DataFrame(
    {
        "id": range(80),
        "sold": pd.date_range("2024-01-01", periods=80).strftime("%d.%m.%Y"),
        "city": ["Ulm", "Bonn", "Jena", "Köln"] * 20,
        "area": random.normal(90, 20, 80).round(1),
        "price": random.normal(3e5, 5e4, 80).round(),
    }
)


def key_of(frame: pd.DataFrame = FLATS, encoding: str = "utf-8") -> str:
    return uploads.keep(frame.to_csv(index=False).encode(encoding), "flats.csv")


@pytest.fixture
def opened(stage: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that opens the Data page of a table."""
    monkeypatch.setattr(data_page, "supervisor", lambda: stage.supervisor)

    def open_page(key: str, **query: str) -> AppTest:
        page = stage.open(data=key, **query)
        page.switch_page(PAGE)
        return stage.run()

    return open_page


def said(page: AppTest) -> str:
    text = " ".join(item.value for item in page.markdown)
    return text.replace("\\", "").replace("\u2060", "")  # as a person reads it


def preparation(page: AppTest) -> Preparation:
    found: Preparation = page.session_state[state.CHOICES].experiment.data.preparation
    return found


def test_it_says_what_was_found_and_done(opened: Any) -> None:
    page = opened(key_of())
    assert not page.exception
    assert not page.error
    text = said(page)
    assert 'Left out as row identifiers: "id"' in text
    assert "64 rows in 5 folds, 16 for the test" in text
    assert page.subheader[0].value == "flats\\.csv"
    assert len(page.dataframe) == 2


def test_charts_are_drawn_for_numbers_and_for_classes(opened: Any) -> None:
    for target in ("price", "city"):
        page = opened(key_of(), target=target)
        page.segmented_control(key="data_section").set_value("charts")
        page.run()
        assert not page.exception
        assert len(page.get("plotly_chart")) >= 2


def test_units_stand_on_the_axes_of_charts(opened: Any) -> None:
    measured = FLATS.assign(area=[f"{area} m2" for area in FLATS["area"]])
    measured["price"] = [f"€{price:.2f}" for price in FLATS["price"]]
    page = opened(key_of(measured[["area", "price"]]), target="price")
    page.segmented_control(key="data_section").set_value("charts")
    page.run()
    charts = [json.loads(chart.proto.spec)["layout"] for chart in page.get("plotly_chart")]
    titles = {
        chart[axis].get("title", {}).get("text") for chart in charts for axis in ("xaxis", "yaxis")
    }
    assert {"area (m2)", "price (€)"} <= titles


def test_choices_reach_the_url_and_the_train_page(opened: Any) -> None:
    page = opened(key_of())
    page.selectbox(key="split").set_value("time")
    page.run()
    assert preparation(page).split == "time"
    (written,) = np.atleast_1d(page.query_params["preparation"])
    assert json.loads(written) == {"split": "time"}
    assert "last rows by time are the test" in said(page)
    again = opened(key_of(), preparation='{"split": "time"}')
    assert preparation(again).split == "time"


def test_a_group_is_asked_for_and_taken(opened: Any) -> None:
    page = opened(key_of(), folds="off")
    page.selectbox(key="split").set_value("group")
    page.run()
    assert not page.error  # nothing is wrong yet, and nothing is gone
    assert "Choose the column whose rows stay together" in page.info[0].value
    assert "48 rows to train on" in said(page)
    assert page.multiselect(key="targets").value == ["price"]
    page.selectbox(key="group").set_value("city")
    page.run()
    assert (preparation(page).split, preparation(page).group) == ("group", "city")
    assert 'same "city" stay together' in said(page)
    assert not page.info
    assert not page.exception


def test_an_encoding_is_asked_for_with_previews_and_taken(opened: Any) -> None:
    page = opened(key_of(encoding="cp1252"))
    assert "Choose its encoding" in page.warning[0].value.replace("\\", "")
    assert any("Köln" in text.value for text in page.text)
    page.button(key="answer_cp1252").click()
    page.run()
    assert preparation(page).reading.encoding == "cp1252"
    assert "read as Western European" in said(page)
    assert not page.error


def test_a_file_that_cannot_be_read_is_one_sentence_with_its_choices(opened: Any) -> None:
    key = uploads.keep(FLATS.to_csv(index=False).encode() + b"1,2,3,4,5,6\n", "flats.csv")
    page = opened(key)
    page.session_state[state.CHOICES] = starting_choices(key, cached.starting_point)
    page.run()
    assert "line 82 has 6 fields" in page.error[0].value.replace("\\", "")
    page.selectbox(key="bad_lines").set_value("skip")
    page.run()
    assert not page.error
    assert "1 line with more fields" in said(page)


def test_a_pasted_block_opens(opened: Any) -> None:
    page = opened("circle")
    page.text_area(key="pasted").set_value(FLATS.to_csv(index=False, sep="\t"))
    page.button(key="open_pasted").click()
    page.run()
    assert page.subheader[0].value == "pasted table"
    assert not page.error
    assert page.session_state[sidebar.PASTED] == 1  # the box is a fresh one, so it is closed


def test_rows_are_counted_from_one_as_in_the_notes(opened: Any) -> None:
    text = "a,y\n" + "".join(f"{'x' if n == 2 else n},{n}\n" for n in range(1, 40))
    page = opened(uploads.keep(text.encode(), "x.csv"))
    assert page.dataframe[1].value["a"].tolist()[:2] == ["1", "x"]
    assert page.dataframe[1].value.index.tolist()[:2] == [1, 2]
    assert 'row 2: "x"' in said(page)


def test_one_is_not_many(opened: Any) -> None:
    page = opened(key_of(FLATS[["area", "price"]]))
    assert "from 1 column, 1 number per row." in said(page)
    assert "80 rows, 2 columns" in said(page)


def test_any_file_is_taken_and_what_does_not_open_is_named(opened: Any) -> None:
    page = opened("circle")
    page.file_uploader[0].upload("flats.xlsx", b"PK\x03\x04 xl/workbook.xml")
    page.run()
    assert "not a CSV but an Excel workbook" in page.error[0].value
    assert not page.exception


def test_a_missing_header_is_asked_about(opened: Any) -> None:
    key = uploads.keep(FLATS.to_csv(index=False, header=False).encode(), "flats.csv")
    page = opened(key)
    assert "looks like data" in said(page)
    page.button(key="header_yes").click()
    page.run()
    assert preparation(page).reading.header == "yes"
    assert "looks like data" not in said(page)
    assert not page.exception


@pytest.mark.parametrize("kind", ["number", "category"])
def test_what_a_column_of_numbers_and_text_holds_is_asked(opened: Any, kind: str) -> None:
    area = [f"about {n}" if n % 3 == 0 else f"{n}.5" for n in range(80)]
    page = opened(key_of(FLATS.assign(area=area)))
    assert '"area" has numbers and text. What does it hold?' in said(page)
    assert '"area" has numbers and text; it is used as a number' in said(page)
    page.button(key=f"kind_{kind}").click()
    page.run()
    assert preparation(page).column("area").kind == kind
    assert '"area" has numbers and text' not in said(page)
    assert not page.exception


def edit(page: AppTest, name: str, field: str, value: str | None) -> AppTest:
    """Change a cell of the list of columns, which AppTest cannot click."""
    shown = tuple(FLATS.columns)
    page.session_state["edit"] = {"edited_rows": {shown.index(name): {field: value}}}

    def script(key: str, names: tuple[str, ...]) -> None:
        from mlpdash.ui.data import columns

        columns._edited(key, names)

    changed = AppTest.from_function(script, args=("edit", shown))
    for key in ("edit", state.CHOICES):
        changed.session_state[key] = page.session_state[key]
    changed.run()
    assert not changed.exception
    page.session_state[state.CHOICES] = changed.session_state[state.CHOICES]
    if state.PROBLEMS in changed.session_state:
        page.session_state[state.PROBLEMS] = changed.session_state[state.PROBLEMS]
    return page.run()


@pytest.mark.slow
def test_kind_and_role_can_be_changed_in_the_list(opened: Any) -> None:
    page = edit(opened(key_of()), "area", "role", "ignored")
    assert preparation(page).column("area").role == "ignored"
    assert 'Left out as you chose: "area"' in said(page)
    page = edit(page, "id", "role", "input")
    assert 'row identifiers: "id"' not in said(page)
    page = edit(page, "area", "scaling", "robust")
    page = edit(page, "area", "gaps", "drop")
    page = edit(page, "id", "kind", "category")
    page = edit(page, "sold", "kind", "month first")
    assert preparation(page).column("sold").order == "month first"
    page = edit(page, "sold", "kind", "date")
    assert preparation(page).column("sold").order == "auto"
    assert preparation(page).column("area").model_dump(include={"scaling", "missing"}) == {
        "scaling": "robust",
        "missing": "drop",
    }
    page = edit(page, "city", "role", "target")
    assert page.session_state[state.CHOICES].experiment.data.target == ("city",)
    page = edit(page, "city", "role", "ignored")
    assert any("another column as the target" in w.value for w in page.warning)


def test_thousands_of_columns_are_a_list_that_is_searched(opened: Any) -> None:
    wide = pd.DataFrame(
        random.normal(size=(40, 1_500)).round(3), columns=[f"gene {n}" for n in range(1_500)]
    )
    page = opened(key_of(wide))
    assert len(page.dataframe[0].value) == columns.SHOWN
    page.text_input(key="column_search").set_value("GENE 149")
    page.run()
    assert page.dataframe[0].value["name"].tolist() == [
        "gene 149",
        *(f"gene {n}" for n in range(1_490, 1_500)),
    ]


def test_headers_are_shown_as_they_are(opened: Any) -> None:
    evil = FLATS.rename(columns={"price": "![](http://example.invalid/x.png)", "area": "$x$ <b>"})
    page = opened(key_of(evil))
    assert not page.exception
    text = " ".join(item.value for item in page.markdown)
    assert "![](" not in text
    assert "$x$" not in text


def test_lines_above_the_header_can_be_told(opened: Any) -> None:
    text = "size,of,flats\n1,2,3\n" + FLATS.to_csv(index=False)
    page = opened(uploads.keep(text.encode(), "flats.csv"))
    assert page.number_input(key="skip").value is None  # looked for in the file
    page.number_input(key="skip").set_value(2)
    page.run()
    assert preparation(page).reading.skip == 2
    assert not page.error
    assert "city" in page.dataframe[0].value["name"].tolist()
    page.number_input(key="skip").set_value(None)
    page.run()
    assert preparation(page).reading.skip is None


def test_the_decimal_mark_of_a_column_can_be_told(opened: Any) -> None:
    mixed = FLATS.assign(share=[f"1,{n:03}" for n in range(80)])
    page = edit(opened(key_of(mixed)), "area", "decimal", "comma")
    assert preparation(page).column("area").decimal == "comma"
    assert set(page.dataframe[0].value["decimal"]) == {"auto", "comma"}


def test_codes_for_missing_values_of_a_column_can_be_typed(opened: Any) -> None:
    coded = FLATS.assign(area=[-999 if n % 4 else n + 20 for n in range(80)])
    page = edit(opened(key_of(coded)), "area", "codes", "-999, 99,")
    assert preparation(page).column("area").missing_codes == ("-999", "99")
    shown = page.dataframe[0].value.set_index("name")
    assert shown.loc["area", "codes"] == "-999, 99"
    assert shown.loc["area", "missing"] == 0.75
    page = edit(page, "area", "codes", None)
    assert preparation(page).column("area").missing_codes == ()
    page = edit(page, "area", "codes", ",".join(map(str, range(200))))
    assert preparation(page).column("area").missing_codes == ()


def test_marks_of_a_column_can_be_values(opened: Any) -> None:
    marked = FLATS.assign(city=[["Ulm", "Bonn", "?"][n % 3] for n in range(80)])
    page = edit(opened(key_of(marked)), "city", "words", "keep")
    assert preparation(page).column("city").words == "keep"
    assert page.dataframe[0].value.set_index("name").loc["city", "missing"] == 0


def test_a_target_can_keep_its_own_scale(opened: Any) -> None:
    page = opened(key_of(), target="price")
    page.selectbox(key="target_scaling").set_value("none")
    page.run()
    assert preparation(page).target_scaling == "none"
    assert not page.error


def test_given_test_rows_are_offered_where_there_are_some(opened: Any) -> None:
    assert "as given" not in opened(key_of()).selectbox(key="split").options


def test_a_set_that_is_not_here_can_be_fetched_here_too(opened: Any) -> None:
    page = opened("california-housing")
    assert "must be downloaded first (0.4 MB)" in said(page)
    assert not page.error


@pytest.mark.parametrize("proposed", ["columns", "data"])
def test_a_decision_that_a_sentence_proposes_is_one_click(opened: Any, proposed: str) -> None:
    if proposed == "columns":
        days = [f"{n % 9 + 1:02}/05/2020" for n in range(80)]
        page = opened(key_of(FLATS.assign(sold=days)))
        sentence, label = "could be day-first or month-first", "Day first"
    else:
        page = opened(key_of(), target="city")
        page.selectbox(key="task").set_value("regression")
        page.run()
        sentence, label = "choose classification", "Choose classification"
    shown = said(page) + " ".join(error.value for error in page.error)
    assert sentence in shown
    (button,) = [button for button in page.button if button.label == label]
    button.click()
    page.run()
    assert not page.exception
    assert not page.error
    assert sentence not in said(page)
    if proposed == "columns":
        assert preparation(page).column("sold").order == "day first"
    else:
        assert page.session_state[state.CHOICES].experiment.data.task == "classification"


def test_the_split_is_summed_up_with_its_folds() -> None:
    assert of_split(DataSpec(folds=5, test=0.2)) == "auto, 5 folds, 20% test"
    assert of_split(DataSpec(validation=0.1, test=0.2)) == "auto, 10% validation, 20% test"
