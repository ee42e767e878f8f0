from flask import Flask, jsonify

app = Flask(__name__)
block_size = 4096
batch_size = 32
dtype = "float16"
config = dict(host="0.0.0.0", port=8080, workers=4)


@app.route("/")
def index():
    return jsonify(status="ok", training=config)


def create(model="small", steps=10):
    return Flask(model, static_folder=None)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=8080, debug=False)
