import torch
from torch import nn

batch_size = 128
epochs = 90
learning_rate = 0.1
num_layers = 18
hidden_size = 512
block_size = 3
max_iters = 10_000
dtype = torch.float16
model = dict(type="ResNet", depth=50, num_layers=18, hidden_size=512)
data = dict(samples_per_gpu=32, workers_per_gpu=2, seq_len=1)


def train(steps=1000, precision="bf16"):
    net = nn.Sequential(nn.Conv2d(3, 64, block_size), nn.ReLU())
    return net


if __name__ == "__main__":
    train(steps=5000)
