"""Plots of the corpus: figures by article, as tables for the terminal and as SVG pictures.

``facts`` takes from each article what is drawn, ``quantities`` makes the figures of it, ``drawing`` the
pictures. All are pure and give the same for the same corpus.
"""
