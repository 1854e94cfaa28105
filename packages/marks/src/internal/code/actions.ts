/**
 * Words that people begin the names of functions with and that say the same there, one group a line. A word belongs to one group; words of
 * several parts are spelled in the style of the file they come into.
 */
export const ACTIONS: string = `
send dispatch transmit submit
fetch retrieve download obtain
build construct assemble compose
make create produce generate
check verify validate ensure
find locate discover detect
list enumerate itemize list_out
collect gather pick_up accumulate
parse interpret analyze decode
split separate divide partition
leave quit exit_from log_out_of
remove discard drop erase
purge wipe clear expunge
run execute perform carry_out
show display print_out report
choose select pick decide_on
compute calculate determine evaluate
exchange interact communicate converse
upload deliver transfer push
attack exploit strike assault
probe inspect examine explore
export extract unload dump
update refresh renew revise
save store persist keep
start begin launch initiate
stop halt finish end
handle process manage treat
convert transform translate turn
add append insert include
wait pause hold linger
format render lay_out style
encode pack serialize marshal
count tally total number
prepare arrange ready set_up
resolve look_up settle work_out
load restore read_in bring_in
merge combine unite blend
login sign_in log_in authenticate
`
