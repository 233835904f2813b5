/**
 * The index of words is made anew, behind the writers as always: texts that are written without blanks have other words now.
 */
export const wordsWithoutBlanks = `
insert into notification_words (notification_words) values ('delete-all');
delete from progress_marks where name = 'words';
`;
