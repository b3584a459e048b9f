"""Data sets of some clips each, laid out exactly as people have them on disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.training.papers.datasets.made import write_picture, write_sound, write_video

BOM = "\ufeff"


def write_list(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def vggsound(root: Path) -> None:
    """Three spellings of names on disk; a video that is gone; one without sound; broken ones."""
    write_list(
        root / "vggsound.csv",
        BOM + '---g-f_I2yQ,1,"people marching, in step",test',
        "-0jeONf82dE,21,horse clip-clop,train",
        "_0m_w0yXxXk,30,rain,train",
        "zzzzzzzzzzz,30,rain,train",
        "no_sound_at,0,rain,train",
        "a_broken_01,7,rain,train",
        "whole_video,2,dog barking,train",
        "_0m_w0yXxXk,30,rain,train",
        "---g-f_I2yQ,1,people marching,train",
        "nonsense,,",
    )
    write_list(root / "train.csv", "-0jeONf82dE_000021.mp4,horse clip-clop")  # repeats the above
    video = root / "video"
    write_video(video / "---g-f_I2yQ_000001.mp4", 1.0)
    write_video(video / "-0jeONf82dE_21000_31000.mp4", 1.0)
    write_video(video / "_0m_w0yXxXk.mp4", 1.0)
    write_video(video / "no_sound_at_000000.mp4", 1.0, sound=False)
    write_video(video / "whole_video.mp4", 14.0)
    (video / "a_broken_01_000007.mp4").write_bytes(b"no video at all")


def llp(root: Path) -> None:
    heading = "filename\tevent_labels"
    write_list(root / "data/AVVP_train.csv", heading, "-jCEufrlXm4_20_30\tSpeech,Acoustic_guitar")
    write_list(root / "data/AVVP_val_pd.csv", BOM + heading, "_jCEufrlXm4_0_10\tDog")
    write_list(root / "data/AVVP_test_pd.csv", heading, "BjCEufrlXm4_20_30\tCar,Speech", "gone")
    write_list(root / "data/AVVP_dataset_full.csv", heading, "BjCEufrlXm4_20_30\tCar,Speech")
    write_list(
        root / "data/AVVP_eval_audio.csv", "filename\tonset\toffset\tevent_labels",
        "BjCEufrlXm4_20_30\t0\t2\tCar",
    )  # fmt: skip
    write_video(root / "LLP_dataset/video/-jCEufrlXm4.mp4", 1.0)
    write_video(root / "LLP_dataset/video/_jCEufrlXm4_0_10.mp4", 1.0)
    write_video(root / "LLP_dataset/video/BjCEufrlXm4_20_30.mp4", 1.0, sound=False)
    write_sound(root / "LLP_dataset/audio/BjCEufrlXm4_20_30.wav", 1.0)


def audioset(root: Path) -> None:
    write_list(
        root / "eval_segments.csv",
        "# Segments csv created Sun Mar  5 10:54:25 2017",
        "# num_ytids=3, num_segs=3, num_unique_labels=2, num_positive_labels=3",
        "# YTID, start_seconds, end_seconds, positive_labels",
        '--4gqARaEJE, 0.000, 10.000, "/m/068hy,/m/07q6cd_"',
        '_BfvyPmVMo, 20.000, 30.000, "/m/068hy"',
        '-BfvyPmVMo4, 20.000, 30.000, "/m/unknown"',
        'gone_gone_0, 30.000, 40.000, "/m/068hy"',
    )
    write_list(
        root / "class_labels_indices.csv", "index,mid,display_name",
        '0,/m/068hy,"Domestic animals, pets"', '1,/m/07q6cd_,"Squeak"',
    )  # fmt: skip
    write_sound(root / "eval/Y--4gqARaEJE.wav", 1.0)
    write_sound(root / "eval/-BfvyPmVMo4_20.000.flac", 1.0)


def fsd50k(root: Path) -> None:
    truth = root / "FSD50K.ground_truth"
    write_list(
        truth / "dev.csv", "fname,labels,mids,split",
        '64760,"Electric_guitar,Guitar,Music","/m/02sgy,/m/0342h,/m/04rlf",train',
        '16399,"Dog","/m/0bt9lr",val', '7,"Dog","/m/0bt9lr",train',
    )  # fmt: skip
    write_list(truth / "eval.csv", BOM + "fname,labels,mids", '37199,"Rain","/m/06mb1"')
    for name in ("dev_audio/64760", "dev_audio/16399", "eval_audio/37199"):
        write_sound(root / f"FSD50K.{name}.wav", rate=44_100)


def landscape(root: Path) -> None:
    write_list(
        root / "landscape.tsv", "event_labels\tfilename",
        "waterfall burbling\tCI0jX5TMs0Q#457#467", "thunder\t-I0jX5TMs0Q#0#10",
        "raining\tgonegonegon#3#13",
    )  # fmt: skip
    write_video(root / "videos/CI0jX5TMs0Q#457#467.mp4", 1.0)
    write_video(root / "videos/-I0jX5TMs0Q_0_10.mp4", 1.0)


def landscape_folders(root: Path) -> None:
    for split, names in (("train", ("a_1", "-b_2")), ("test", ("c_3", "odd_4"))):
        for name in names:
            write_sound(root / split / "splashing_water" / f"{name}.wav")
            write_picture(root / split / "splashing_water" / f"{name}.png")
    (root / "test/splashing_water/odd_4.png").unlink()


def greatest_hits(root: Path) -> None:
    for name, seconds in (("2015-02-16-16-49-06", 12.0), ("2015-03-28-19-53-24", 2.0)):
        write_video(root / f"{name}_denoised.mp4", seconds)
        write_sound(root / f"{name}_denoised.wav", seconds)
        write_video(root / f"{name}_denoised_thumb.mp4", 1.0)
        write_sound(root / f"{name}_mic.wav", seconds)
    first, second = root / "2015-02-16-16-49-06_times.txt", root / "2015-03-28-19-53-24_times.txt"
    write_list(
        first, "1.15 wood hit static", "2.50 wood scratch deform", "10.75 None None None",
        "11.20 metal hit static", "no hit",
    )  # fmt: skip
    write_list(second, "0.50 leaf hit scatter")
    write_list(root / "gone_times.txt", "0.50 leaf hit scatter")
    write_list(root / "train.txt", "2015-02-16-16-49-06")
    write_list(root / "test.txt", "2015-03-28-19-53-24")


def macs(root: Path) -> None:
    for split, key in (("train", "-jCEufrlXm4_20_30"), ("test", "_jCEufrlXm4_20_30")):
        folder = root / "LLP-multi" / split
        write_sound(folder / "audio" / f"{key}.wav")
        for number in (10, 2):
            write_picture(folder / "image" / f"{key}_frame_{number}.jpg", grey=number)
    write_sound(root / "LLP-multi/test/audio/alone.wav")


def manifest(root: Path) -> None:
    write_list(
        root / "manifest.csv",
        BOM + "key,audio,image,video,labels,captions,split,start_s,seconds",
        '-a,a.wav,,,"dog;big, old cat","A dog, and a cat.;Two animals.",train,0.1,0.2',
        "_b,,,b.mp4,rain,,train,,",
        "c.c,c.mp3,c.png;c.webp,,,,test,,",
        "alone,,c.png,,,a picture alone,test,,",
        "gone,gone.wav,,,,,test,,",
        "bad,a.wav,,,,,test,-3,",
        "none,,,,,,test,,",
    )
    write_sound(root / "a.wav")
    write_sound(root / "c.mp3")
    write_video(root / "b.mp4", 1.0)
    write_picture(root / "c.png", 9)
    write_picture(root / "c.webp", 9)


ALL: dict[str, Callable[[Path], None]] = {
    maker.__name__: maker
    for maker in (
        *(vggsound, llp, audioset, fsd50k, landscape, landscape_folders, greatest_hits, macs),
        manifest,
    )
}


def lay_out(name: str, root: Path) -> Path:
    """A fresh folder of a data set."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    ALL[name](root)
    return root
