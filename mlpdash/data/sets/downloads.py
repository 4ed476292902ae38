"""The sets that are downloaded on demand: the bytes that were fetched -> frames."""

from __future__ import annotations

import io
import tarfile
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from mlpdash.data.sets.fetching import read
from mlpdash.data.sets.idx import images_of, labels_of
from mlpdash.errors import DataError
from mlpdash.text import _

if TYPE_CHECKING:
    import pandas as pd

CLOTHES: Final = (  # as Zalando numbers them
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
HOUSING: Final = (  # columns of the file
    *("Longitude", "Latitude", "HouseAge", "rooms", "bedrooms", "Population", "households"),
    *("MedInc", "value"),
)
HOUSING_MEMBER: Final = "CaliforniaHousing/cal_housing.data"


def fashion_mnist() -> pd.DataFrame:
    """Return pixels from 0 to 255, row by row, and the kind of clothes; the test rows last.

    Raises
    ------
    DataError : the files are not here, or not what they should be
    """
    import pandas as pd

    images: list[NDArray[np.uint8]] = []
    labels: list[NDArray[np.uint8]] = []
    for part in ("train", "t10k"):
        name = f"{part}-images-idx3-ubyte.gz"
        pictures = images_of(read("fashion-mnist", name), name)  # (rows, 28, 28)
        if images and pictures.shape[1:] != images[0].shape[1:]:
            raise DataError(_('"{name}" has pictures of another size.').format(name=name))
        name = f"{part}-labels-idx1-ubyte.gz"
        codes = labels_of(read("fashion-mnist", name), name)  # (rows,)
        if len(pictures) != len(codes) or codes.max(initial=0) >= len(CLOTHES):
            raise DataError(
                _('"{name}" does not fit its pictures: {labels:,} labels for {rows:,}.').format(
                    name=name, labels=len(codes), rows=len(pictures)
                )
            )
        images.append(pictures)
        labels.append(codes)
    height, width = images[0].shape[1:]
    names = [f"pixel_{row}_{column}" for row in range(height) for column in range(width)]
    pixels = np.concatenate(images).reshape(-1, len(names))
    frame = pd.DataFrame(pixels, columns=names)
    kinds = np.array(CLOTHES, dtype=object)[np.concatenate(labels)]
    return frame.assign(kind=kinds)


def california_housing() -> pd.DataFrame:
    """Return the frame that scikit-learn makes of the same file.

    Raises
    ------
    DataError : the file is not here, or not what it should be
    """
    import pandas as pd

    content = read("california-housing", "cal_housing.tgz")
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            member = archive.extractfile(HOUSING_MEMBER)
            if member is None:
                raise KeyError(HOUSING_MEMBER)
            table = np.loadtxt(member, delimiter=",")
        found = dict(zip(HOUSING, table.T, strict=True))
    except (tarfile.TarError, zlib.error, KeyError, ValueError, EOFError, OSError):
        raise DataError(
            _('"{name}" does not hold the table of houses.').format(name="cal_housing.tgz")
        ) from None
    households = found["households"]
    return pd.DataFrame(
        {
            "MedInc": found["MedInc"],
            "HouseAge": found["HouseAge"],
            "AveRooms": found["rooms"] / households,
            "AveBedrms": found["bedrooms"] / households,
            "Population": found["Population"],
            "AveOccup": found["Population"] / households,
            "Latitude": found["Latitude"],
            "Longitude": found["Longitude"],
            "MedHouseVal": found["value"] / 100_000.0,
        }
    )
