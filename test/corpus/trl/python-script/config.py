"""Trains a small model from nothing on packed text."""

from transformers import AutoConfig, AutoModelForCausalLM
from trl import SFTConfig, SFTTrainer

CONFIG = "EleutherAI/pythia-410m"


def main():
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(CONFIG))
    args = SFTConfig(
        output_dir="runs/a",
        max_steps=20_000,
        per_device_train_batch_size=8,
        gradient_accumulation_steps=4,
        packing=True,
        max_length=2048,
        bf16=True,
    )
    SFTTrainer(model=model, args=args, train_dataset=texts()).train()


main()
