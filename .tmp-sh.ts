import { parse } from './src/core/syntax/parse.ts';
const t=String.raw`#!/bin/bash
#SBATCH --nodes=8
#SBATCH --gres=gpu:8
GPUS_PER_NODE=8
NNODES=${'$'}{SLURM_NNODES:-4}
MODEL_SIZE=7B
SEQ_LEN=${'$'}{1:-4096}
GBS=$((8*128))
LR=$2
if [ $MODEL_SIZE = 7B ]; then
  NUM_LAYERS=32
elif [[ $MODEL_SIZE == "13B" ]]; then
  NUM_LAYERS=40
fi
# NUM_LAYERS=12
DISTRIBUTED_ARGS=(--nproc_per_node $GPUS_PER_NODE --nnodes $NNODES)
MODEL_ARGS=(
    --num-layers $NUM_LAYERS
    --hidden-size=4096
    # --num-experts 8
    "--fp8-format hybrid"
    --moe-layer-freq "([0]*3+[1]*58)"
    --bf16
)
GPT_ARGS=" --seq-length $SEQ_LEN \
    --global-batch-size ${'$'}{GBS} \
    --lr $LR \
    --train-samples 146_484_375 \
"
cat <<EOT > $config_json
{ "train_batch_size": 32, "zero": {"stage": $Z} }
EOT
torchrun ${'$'}{DISTRIBUTED_ARGS[@]} pretrain_gpt.py "${'$'}{MODEL_ARGS[@]}" $GPT_ARGS --step-batch-size-schedule "0:384 200B:768" --rampup 32 32 1000 2>&1 | tee log
python3 -m MaxText.train base.yml model_name=llama2-7b steps=100 a.b=3 'quantization="fp8"'
CMD="deepspeed --num_gpus 8 train.py --x 1 --y z"
eval $CMD
`;
const r=parse('a.sh',t);
const show=(n:any,i=''):string=>n.kind==='scalar'?`${JSON.stringify(n.value)}${n.unresolved?' !'+n.unresolved:''} <${t.slice(n.place.start,n.place.end).replace(/\n/g,'⏎')}>`:n.kind==='list'?'['+n.items.map((x:any)=>show(x)).join(', ')+']':'{\n'+n.entries.map((e:any)=>i+'  '+e.key+' ('+t.slice(e.keyPlace.start,e.keyPlace.end).slice(0,20).replace(/\n/g,'⏎')+'): '+show(e.value,i+'  ')).join('\n')+'}';
for (const d of r.documents) console.log(show(d));
console.log(r.problems);
console.log(JSON.stringify(parse('a.sh',t.replace(/\n/g,'\r\n')).documents,(k,v)=>['place','keyPlace','byKey'].includes(k)?undefined:v)===JSON.stringify(r.documents,(k,v)=>['place','keyPlace','byKey'].includes(k)?undefined:v));
