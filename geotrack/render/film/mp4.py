"""Films as MP4: H.264 that browsers, phones, slides and editors play."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from geotrack import files
from geotrack.errors import OutputError, SpecError
from geotrack.render.film.reel import Reel, rgb

FILTER = "scale=out_color_matrix=bt709:out_range=tv,setparams=color_primaries=bt709:color_trc=bt709"
RATE = 20  # frames a second of the file: each slice's frame is repeated for its time, to 50 ms
CODEC = (
    "-movflags", "+faststart", "-preset", "medium", "-tune", "animation", "-threads", "2",
    "-vf", FILTER, "-colorspace", "bt709", "-color_primaries", "bt709",
    "-color_trc", "bt709", "-color_range", "tv", "-fflags", "+bitexact", "-flags:v", "+bitexact",
    "-map_metadata", "-1",
)  # fmt: skip


def encoder() -> Callable[..., Any]:
    """Return what writes frames into a file.

    Raises
    ------
    SpecError : the extra that carries it is not installed.
    """
    try:
        from imageio_ffmpeg import write_frames
    except ImportError:
        raise SpecError("MP4 needs an encoder; install it: pip install 'geotrack[mp4]'") from None
    return write_frames  # type: ignore[no-any-return]


def mp4(reel: Reel, times: Sequence[int], quality: int, title: str, comment: str) -> bytes:
    """Return a film as MP4; width and height must be even.

    Parameters
    ----------
    times : of each frame, milliseconds.
    quality : x264's constant rate factor; 18 looks like the original, 35 is coarse.
    title, comment : text for programs that read it.

    Raises
    ------
    SpecError : the extra that carries the encoder is not installed. OutputError : the encoder failed.
    """
    write_frames = encoder()
    ends = [round(end * RATE / 1000) for end in accumulate(times)]
    counts = [max(1, end - start) for start, end in zip([0, *ends], ends, strict=False)]
    with files.workplace() as folder:  # the index goes to the file's front, which needs a file
        path = folder / "film.mp4"
        texts = ("-metadata", f"title={title}", "-metadata", f"comment={comment}")
        writer = write_frames(
            path,
            (reel.width, reel.height),
            fps=RATE,
            codec="libx264",
            pix_fmt_out="yuv420p",
            macro_block_size=2,
            ffmpeg_log_level="error",
            output_params=["-crf", str(quality), *CODEC, *texts],
        )
        try:
            writer.send(None)
            for frame, count in zip(reel.frames(), counts, strict=True):
                picture = rgb(frame).tobytes()
                for _ in range(count):
                    writer.send(picture)
            writer.close()
            return path.read_bytes()
        except OSError as error:
            said = str(error).strip().splitlines() or ["nothing"]
            raise OutputError(
                f"the MP4 encoder failed: {said[-1]}; write a .gif or a .webp instead"
            ) from error
