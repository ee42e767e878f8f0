import pytest
from torchtitan.trainer import Trainer


@pytest.fixture
def config():
    return Trainer.Config(seed=1)


@pytest.mark.parametrize("steps", [1, 2])
def test_steps(config, steps):
    training = dict(steps=steps, local_batch_size=8, seq_len=2048)
    assert config is not None
    assert training["steps"] == steps
