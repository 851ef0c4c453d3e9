@rem Gives cmd the word exec, with which "npm start" does without a shell between npm and Node.js.
@%*
