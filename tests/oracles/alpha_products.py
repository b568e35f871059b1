"""The products, one factor more at each step."""


def value(xp, beta):
    product, products = 1, []
    for t in range(beta.shape[0]):
        product = product * (1 - beta[t])
        products.append(product)
    return xp.stack(products), xp.stack([1 - product for product in products])
