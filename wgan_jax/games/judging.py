"""What games have in common whose critic makes one number of one sample, by an objective."""


class Judging:
  """Before the game among the base classes; `objective` is a field of the game that takes this on."""

  @property
  def judges(self):
    return True

  @property
  def estimates_w1(self):
    return self.objective.estimates_w1

  def cost(self, real, fake):
    return self.objective.cost(real, fake)
