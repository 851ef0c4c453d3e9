import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { show } from "digits/page";
import { EPOCHS, train } from "./train.ts";

if (!(await tf.setBackend("webgl"))) await tf.setBackend("cpu");
await show(train, EPOCHS);
