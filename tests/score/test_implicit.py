"""Implicit score matching."""

from refdgm.score.implicit import implicit_score_matching

from ..kit import verify
from ..oracles import implicit_score_matching as oracle

TestImplicitScoreMatching = verify(implicit_score_matching, oracle)
