import lightning as L
from lit_gpt.model import GPT, Config

model_name = "tiny_LLaMA_1b"
name = "tinyllama_1b"

# Hyperparameters
num_of_devices = 4
global_batch_size = 512
learning_rate = 4e-4
micro_batch_size = 8
max_step = 715256 * 2
warmup_steps = 2000

batch_size = global_batch_size // num_of_devices
gradient_accumulation_steps = batch_size // micro_batch_size


def setup(devices: int = 4, precision=None):
    return L.Fabric(devices=devices, precision=precision)
