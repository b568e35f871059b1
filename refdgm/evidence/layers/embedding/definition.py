"""Every index read for its row of the table.

Authors who have no gather multiply by one-hot rows.
"""


def embedding(xp, index, weight):
    return weight[index]


def embedding__product(xp, index, weight):
    hot = 1.0 * xp.stack([index == k for k in range(weight.shape[0])], axis=2)
    return hot @ weight
