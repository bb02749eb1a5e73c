"""ROOM: quotes whose words moved or went when their text was published anew, until a person settles each."""
